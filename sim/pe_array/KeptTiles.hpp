#pragma once

#include <map>
#include <vector>

#include "sim/pe_array/InstanceGeometry.hpp"

namespace loopsim {

/// What private buffers hold from one tile operation to the next where an operation leaves some instances idle: within
/// the loop that changes the tiles, as long as the instances that work keep theirs, the others keep theirs.
class KeptTiles {
 public:
  KeptTiles(const std::vector<ArrayPoint>& points, InstanceGeometry& instances)
      : points_(points), instances_(instances) {}

  /// By point: the lanes of the earlier tile operation whose tiles it holds, where that is not the last one.
  const std::map<std::size_t, std::vector<ArrayLane>>& lanes() const { return lanes_; }

  /// After a tile operation on `current`; the one before was on `previous`. `advanced`: see ArrayExecutor::execute.
  void follow(const std::vector<ArrayLane>& previous, const std::vector<ArrayLane>& current,
              std::optional<NodeId> advanced);
  void clear() { lanes_.clear(); }

 private:
  bool keeps(std::size_t point, const std::vector<ArrayLane>& held, const std::vector<ArrayLane>& current);

  const std::vector<ArrayPoint>& points_;
  InstanceGeometry& instances_;
  std::map<std::size_t, std::vector<ArrayLane>> lanes_;
  std::map<std::vector<std::int64_t>, bool> known_;
};

}  // namespace loopsim
