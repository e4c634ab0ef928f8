#pragma once

#include "sim/buffers/Buffet.hpp"
#include "sim/buffers/Plan.hpp"

namespace loopsim {

/// A retention policy: what the buffets of a storage node fetch, and when words leave them. This one goes by tiles:
/// what is not held is fetched, and at the end of an iteration the words leave that the next one does not need, results
/// by way of the parent. Others override what they do otherwise; they keep no state but that of the buffet.
struct RetentionPolicy {
  virtual ~RetentionPolicy() = default;
  virtual const char* name() const { return "tile_end"; }

  /// Of what an operation reads, the words to be fetched in this iteration.
  virtual PointSet to_fetch(const Buffet&, const Plan::Lane& need, std::int64_t /*iteration*/) const {
    return need.allocate;
  }
  /// These words have been asked for: no older copy of them is read any more.
  virtual void fetching(Buffet& buffet, const PointSet& words, std::int64_t /*iteration*/) const {
    buffet.valid.subtract(words);
  }
  /// Of what an operation has updated, the words to be written back at once.
  virtual PointSet to_write_back(const Buffet&, const Plan::Lane& /*done*/) const { return {}; }
  /// Of words held at the end of an iteration that no iteration in sight needs, those that leave.
  virtual PointSet to_release(const Buffet&, PointSet not_needed) const { return not_needed; }
};

}  // namespace loopsim
