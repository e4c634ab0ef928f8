#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "sim/noc/Noc.hpp"
#include "sim/observe/Interfaces.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/pe_array/ArrayCore.hpp"
#include "sim/pe_array/ArrayPlacement.hpp"
#include "sim/ports/PortIf.hpp"
#include "sim/time/KernelRun.hpp"

namespace loopsim {

/// SystemC module of the PE array: its partitions, one of each stage of the program.
class PeArray : public sc_core::sc_module, public ArrayIf {
 public:
  sc_core::sc_port<CompletionIf> completions{"completions"};
  sc_core::sc_port<PortIf> ports{"ports"};
  sc_core::sc_port<NetworkIf> network{"network"};

  PeArray(const sc_core::sc_module_name& name, KernelRun& run);
  const char* kind() const override { return "PeArray"; }

  /// For a program; ports and network must be those of the same program.
  void load(const BoundTree& tree, const Schedule& schedule, const ArrayPlacement& placement, RunObserver* observer);

  const ArrayOutcome& execute(StageIndex stage, const TileOperation& operation) override;
  ArraySpent spent(StageIndex stage) const override { return arrays_[stage]->spent(); }
  /// Tells the observer of steps that it does not know of yet.
  void report_steps();

 private:
  void wake_up();
  void plan_next();

  KernelRun* run_;
  std::vector<std::unique_ptr<ArrayCore>> arrays_;  ///< by stage
  sc_core::sc_event wake_{"wake"};
};

}  // namespace loopsim
