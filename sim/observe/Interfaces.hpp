#pragma once

#include <systemc>

#include "sim/buffers/Transfer.hpp"
#include "sim/observe/ArrayJob.hpp"

namespace loopsim {

/// A memory that carries transfers between itself and others. A DRAM model of any fidelity stands behind it.
struct TransferIf : virtual sc_core::sc_interface {
  virtual void submit(Transfer& transfer) = 0;
};

/// A PE array partition that executes tile operations.
struct ArrayIf : virtual sc_core::sc_interface {
  virtual void execute(const ArrayJob& job) = 0;
  virtual ArraySpent spent() const = 0;
};

/// Where memories and arrays report what they have completed. Reports of one instant are gathered and acted on one
/// delta cycle later, so the order of modules does not matter.
struct CompletionIf : virtual sc_core::sc_interface {
  virtual void transfer_done(Transfer& transfer) = 0;
  virtual void array_done(StageIndex stage) = 0;
};

inline Picoseconds simulated_time() {
  return Picoseconds(static_cast<std::int64_t>(sc_core::sc_time_stamp().value()));
}
inline sc_core::sc_time delay_until(Picoseconds time) {
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>((time - simulated_time()).value));
}

}  // namespace loopsim
