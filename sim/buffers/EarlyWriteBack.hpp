#pragma once

#include "sim/buffers/RetentionPolicy.hpp"

namespace loopsim {

/// A buffer whose results leave with their last update, not at the end of their tile (`levels.NAME.early_write_back`);
/// but for those whose older copy is still on its way.
struct EarlyWriteBack final : RetentionPolicy {
  const char* name() const override { return "early_write_back"; }

  PointSet to_write_back(const Buffet& buffet, const Plan::Lane& done) const override {
    PointSet words = intersect(intersect(done.finished, done.stored), buffet.dirty);
    words.subtract(buffet.in_flight);
    return words;
  }
};

}  // namespace loopsim
