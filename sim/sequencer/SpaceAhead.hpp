#pragma once

#include <map>
#include <optional>
#include <vector>

#include "arch/Architecture.hpp"
#include "sim/buffers/Plan.hpp"

namespace loopsim {

/// Space that tile operations take ahead of their turn in sequential order: all together no more than what a memory has
/// beyond the least that the schedule can run in, so that the operation whose turn it is always fits.
class SpaceAhead {
 public:
  SpaceAhead(const Architecture& architecture, std::map<LevelId, std::int64_t> minimum_bits);

  /// Takes what the operation needs, of each level in the instance that it takes most of. If some level has too little
  /// left nothing is taken, and this is the level.
  std::optional<LevelId> take(const Plan& plan);
  /// Gives back what operations took whose turn has come, `first` being the first operation in sequential order that
  /// has not ended (nothing: all have). Also of those that are done already, since what they brought or made is held
  /// until their iteration ends.
  void come_to(const std::optional<TimeIndex>& first);

 private:
  using Space = std::map<LevelId, std::int64_t>;
  struct Taken {
    TimeIndex time;
    Space bits;
  };
  static Space space_of(const Plan& plan);

  const Architecture* architecture_;
  std::map<LevelId, std::int64_t> minimum_bits_;
  std::vector<Taken> taken_;
  Space sum_;
};

}  // namespace loopsim
