#pragma once

#include <systemc>

#include "sim/buffers/Transfer.hpp"
#include "sim/observe/ArraySink.hpp"

namespace loopsim {

/// A memory that carries transfers between itself and others. A DRAM model of any fidelity stands behind it.
struct TransferIf : virtual sc_core::sc_interface {
  virtual void submit(Transfer& transfer) = 0;
};

/// The PE array: see ArraySink.
struct ArrayIf : virtual sc_core::sc_interface {
  virtual const ArrayOutcome& execute(StageIndex stage, const TileOperation& operation) = 0;
  virtual ArraySpent spent(StageIndex stage) const = 0;
};

/// Where memories and arrays report what they have completed. Reports of one instant are gathered and acted on one
/// delta cycle later, so the order of modules does not matter.
struct CompletionIf : virtual sc_core::sc_interface {
  virtual void transfer_done(Transfer& transfer) = 0;
  virtual void array_done(StageIndex stage) = 0;
};

}  // namespace loopsim
