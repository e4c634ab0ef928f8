#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "models/looptree/factored/FactorTable.hpp"

namespace loopsim {

/// What is true of a word of one factor in one lane. A word of the whole tensor was held before iff it was in every
/// factor; a neighbour has it iff the factor of the lanes' loop says so and the others held it in the same lane.
enum WordFlag : std::uint8_t {
  held_before = 1,        ///< by this lane at the previous moment
  held_at_peer_time = 2,  ///< by this lane at the moment that peers are asked about (R6)
  held_by_peer = 4,       ///< by a neighbouring lane at that moment
};
constexpr std::size_t flag_combinations = 8;

/// Words of one factor by flags, summed over moments and instances.
struct FlagCounts {
  std::array<std::int64_t, flag_combinations> in_lanes{};  ///< a word counts once for each lane that needs it
  /// A word counts once; the key has bit i set iff the combination i of flags occurs in a lane that needs it.
  std::map<std::uint8_t, std::int64_t> words;

  std::int64_t total_in_lanes() const;
  std::int64_t total_words() const;
  void add(const FlagCounts& other);
};

/// One moment of a factor; nothing where there is none.
struct Moment {
  const FactorTable* table = nullptr;
  std::size_t time = 0;
  Coordinate shift = 0;                  ///< of its words against those of the moment that they are compared with
  std::optional<Digit> instance_before;  ///< means the instance that is one less there
};

/// Words of an instance and lane, given by their indices; null where there are none at that moment.
const IntervalSet* words_at(const Moment& moment, std::uint64_t instance, std::uint64_t lane);

/// Elements of `a` that are also in `b` moved by `shift_of_b`.
std::int64_t size_of_intersection(const IntervalSet& a, const IntervalSet& b, Coordinate shift_of_b);

/// Adds the words at `now`, flagged by those at `before` and at `peers`. `lanes` are the digits of the lane index.
void count_flags(const Moment& now, const Moment& before, const Moment& peers, const std::vector<Digit>& lanes,
                 FlagCounts& counts);

}  // namespace loopsim
