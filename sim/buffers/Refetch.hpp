#pragma once

#include "sim/buffers/RetentionPolicy.hpp"

namespace loopsim {

/// A buffer that fetches every tile whole, whether or not some of its words are there (`levels.NAME.refetch`).
struct Refetch final : RetentionPolicy {
  const char* name() const override { return "refetch"; }

  PointSet to_fetch(const Buffet& buffet, const Plan::Lane& need, std::int64_t iteration) const override {
    PointSet words = need.stored;
    if (buffet.fetched_iteration == iteration) words.subtract(buffet.fetched);
    words.subtract(buffet.dirty);  // made here, and nowhere else yet
    return words;
  }

  /// An operation before this one may still be reading its copy of the words: it stays valid.
  void fetching(Buffet& buffet, const PointSet& words, std::int64_t iteration) const override {
    if (buffet.fetched_iteration != iteration) buffet.fetched = {};
    buffet.fetched_iteration = iteration;
    buffet.fetched.unite(words);
  }
};

}  // namespace loopsim
