#pragma once

#include <optional>
#include <vector>

#include "sim/buffers/Transfer.hpp"

namespace loopsim {

/// What carries transfers, on integer time, without a kernel.
struct TransferCore {
  virtual ~TransferCore() = default;
  virtual void submit(Transfer& transfer, Picoseconds now) = 0;
  /// Does what falls due at `now`; completed transfers are appended to `done`, their `left_memory` and `completed` set.
  virtual void advance(Picoseconds now, std::vector<Transfer*>& done) = 0;
  /// When it has to be called again.
  virtual std::optional<Picoseconds> next_event() const = 0;
};

}  // namespace loopsim
