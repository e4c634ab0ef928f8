#pragma once

#include <memory>
#include <systemc>

namespace loopsim {

/// A SystemC kernel that has not elaborated yet, for as long as this lives: the current one, with the modules that were
/// made in it, or, if that has been used, one of its own. Modules that are made meanwhile must go first.
class KernelContext {
 public:
  KernelContext();
  ~KernelContext();
  KernelContext(const KernelContext&) = delete;
  KernelContext& operator=(const KernelContext&) = delete;

 private:
  std::unique_ptr<sc_core::sc_simcontext> own_;  ///< null: the current one
  sc_core::sc_simcontext* outer_ = nullptr;
};

}  // namespace loopsim
