#include "sim/time/KernelContext.hpp"

namespace loopsim {

// The library keeps the current kernel in a variable that its header declares (2.3.3 and 2.3.4).

KernelContext::KernelContext() {
  if (sc_core::sc_get_status() == sc_core::SC_ELABORATION) return;
  own_ = std::make_unique<sc_core::sc_simcontext>();
  outer_ = sc_core::sc_curr_simcontext;
  sc_core::sc_curr_simcontext = own_.get();
}

KernelContext::~KernelContext() {
  if (own_) sc_core::sc_curr_simcontext = outer_;
}

}  // namespace loopsim
