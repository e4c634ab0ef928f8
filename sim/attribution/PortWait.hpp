#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "base/Ids.hpp"
#include "base/Quantity.hpp"
#include "sim/attribution/Measurement.hpp"

namespace loopsim {

using ServerIndex = std::size_t;

/// What a step that waits for a port, a bank or a network waits for, in finer words than the cause.
enum class PortDetail {
  port,           ///< its own words: the port takes longer for them than the array for the step
  bank_conflict,  ///< lines of its own in one bank
  serialization,  ///< flits of its own on one link, or its own bits on the bus
  rounding,       ///< the next edge of the clock, at which alone a step begins
  arbitration     ///< words, lines or flits of others
};

/// Whose words they are.
struct WordsOf {
  EinsumId einsum;
  TensorId tensor;

  friend bool operator==(WordsOf a, WordsOf b) { return a.einsum == b.einsum && a.tensor == b.tensor; }
};

/// A kind of wait.
struct PortWait {
  StallCause cause = StallCause::glb;
  PortDetail detail = PortDetail::arbitration;
  /// Of `port`, and of `rounding` there: which port, and whose words take most of it.
  struct Place {
    ServerIndex server = 0;
    WordsOf words;
    std::int64_t bits = 0;  ///< most that such a step takes
  };
  std::optional<Place> place;
};
using WaitId = Id<struct WaitKind>;

/// "glb.bank_conflict", without the place.
std::string name_of(StallCause cause, PortDetail detail);

/// Times by kind of wait, of which there are few.
class WaitTimes {
 public:
  using Entry = std::pair<WaitId, Picoseconds>;

  void add(WaitId wait, Picoseconds time) {
    if (time == Picoseconds()) return;
    for (Entry& entry : entries_) {
      if (entry.first != wait) continue;
      entry.second += time;
      return;
    }
    entries_.emplace_back(wait, time);
  }
  WaitTimes& operator+=(const WaitTimes& other) {
    for (const auto& [wait, time] : other.entries_) add(wait, time);
    return *this;
  }
  WaitTimes& operator-=(const WaitTimes& other) {
    for (const auto& [wait, time] : other.entries_) add(wait, Picoseconds() - time);
    return *this;
  }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  boost::container::small_vector<Entry, 3> entries_;
};

}  // namespace loopsim
