#pragma once

#include <optional>

#include "sim/observe/ArraySink.hpp"
#include "sim/time/Clock.hpp"

namespace loopsim {

/// What executes the tile operations of a stage, on integer time and without a kernel: ArrayUnit, or an array with a
/// timing of its own, for which PeArray decides.
struct ArrayCore {
  virtual ~ArrayCore() = default;
  /// Begins the next tile operation. What it returns lives as long as the core does.
  virtual const ArrayOutcome& execute(const TileOperation& operation, Picoseconds now) = 0;
  /// True once the operation has ended.
  virtual bool advance(Picoseconds now) = 0;
  /// When `advance` has to be called again; nothing while the array is free.
  virtual std::optional<Picoseconds> next_event() const = 0;
  /// Of the operation that has just ended.
  virtual ArraySpent spent() const = 0;
  /// Tells the observer of steps that it does not know of yet.
  virtual void report_steps() = 0;
};

}  // namespace loopsim
