#include "sim/pe_array/ArrayPoint.hpp"

#include <algorithm>

#include "mapping/sets/Projection.hpp"
#include "sim/pe_array/StepDemand.hpp"

namespace loopsim {

namespace {

class PointBuilder {
 public:
  PointBuilder(const BoundTree& tree, const ArrayProgram& program)
      : tree_(tree),
        program_(program),
        path_(path_to(tree, program.compute)),
        above_(path_.size() - program.nodes.size()) {}

  ArrayPoint build(const TrafficPoint& traffic, const Einsum& einsum, bool in_place) const {
    const BoundNode& node = tree_.nodes[traffic.node];
    ArrayPoint point;
    point.traffic = traffic;
    for (const TensorAccess* access : accesses_of(einsum)) {
      if (access->tensor == traffic.tensor) point.accesses.push_back(access);
    }
    point.reuses = node.kind == NodeKind::storage;
    point.level = node.level;
    if (point.reuses) point.bits = word_bits(tree_, traffic.tensor, node.level);
    const std::size_t position = position_of(traffic.node);
    const std::size_t last = point.reuses ? last_storage(node.level) : position;
    const std::size_t held_from = point.reuses && !in_place ? outermost_idle_loop(point, position) : position;
    point.node = held_from - above_;
    point.last_node = last - above_;
    point.place_length = spatial_above(last);
    if (traffic.parent) {
      point.parent_level = tree_.nodes[*traffic.parent].level;
      point.parent_bits = word_bits(tree_, traffic.tensor, *point.parent_level);
      point.parent_place_length = std::min(point.place_length, spatial_above(last_storage(*point.parent_level)));
    }
    point.peers_after = program_.loop_above;
    if (point.reuses && !in_place && point.node == 0) {
      point.peers_after = loop_that_changes(point);
      point.stays = !point.peers_after;
      for (std::size_t i = point.peers_after ? position_of(*point.peers_after) + 1 : above_; i < above_; ++i) {
        if (tree_.nodes[path_[i]].kind == NodeKind::temporal) point.held_through.push_back(path_[i]);
      }
      find_own_axes(point, point.peers_after ? position_of(*point.peers_after) + 1 : 0, last);
    } else {
      find_own_axes(point, held_from, last);
    }
    return point;
  }

  std::size_t lane_places() const { return spatial_above(above_); }

 private:
  std::size_t position_of(NodeId id) const {
    return static_cast<std::size_t>(std::find(path_.begin(), path_.end(), id) - path_.begin());
  }

  std::size_t last_storage(LevelId level) const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < path_.size(); ++i) {
      const BoundNode& node = tree_.nodes[path_[i]];
      if (node.kind == NodeKind::storage && node.level == level) last = i;
    }
    return last;
  }

  std::size_t spatial_above(std::size_t position) const {
    return static_cast<std::size_t>(
        std::count_if(path_.begin(), path_.begin() + static_cast<std::ptrdiff_t>(position),
                      [&](NodeId id) { return tree_.nodes[id].kind == NodeKind::spatial; }));
  }

  /// Outermost of the temporal loops right above a node that do not change its tile (R5); the node if none is, the
  /// first node of the program if none there changes it.
  std::size_t outermost_idle_loop(const ArrayPoint& point, std::size_t position) const {
    std::size_t outermost = position;
    for (std::size_t i = position; i-- > above_;) {
      const BoundNode& node = tree_.nodes[path_[i]];
      if (node.kind != NodeKind::temporal) continue;
      const std::vector<TensorId>& unchanged = program_.unchanged[i - above_];
      const bool changes = program_.iterates[i - above_] &&
                           std::find(unchanged.begin(), unchanged.end(), point.traffic.tensor) == unchanged.end();
      const bool depends =
          changes && std::any_of(point.accesses.begin(), point.accesses.end(),
                                 [&](const TensorAccess* access) { return depends_on(*access, node.rank); });
      if (depends) return outermost;
      outermost = i;
    }
    return above_;
  }

  /// Innermost of the loops above the cut that change the tile of a point whose program's loops do not (R5).
  std::optional<NodeId> loop_that_changes(const ArrayPoint& point) const {
    std::optional<NodeId> innermost;
    for (std::size_t rank = 0; rank < program_.changes_with.size(); ++rank) {
      const std::optional<NodeId> loop = program_.changes_with[rank];
      const bool depends = std::any_of(point.accesses.begin(), point.accesses.end(),
                                       [&](const TensorAccess* access) { return depends_on(*access, rank); });
      if (!depends || !loop) continue;
      if (!innermost || position_of(*innermost) < position_of(*loop)) innermost = loop;
    }
    return innermost;
  }

  /// Rule R6: neighbours give words only if the innermost index besides the own spatial loops is temporal. Temporal and
  /// sequential indices from `position` on are dropped.
  void find_own_axes(ArrayPoint& point, std::size_t position, std::size_t last) const {
    std::vector<std::size_t> axes;
    bool temporal = false;
    bool iterates = false;
    std::optional<std::size_t> other;  // the last index is that of an instance of another level
    std::size_t place = 0;
    for (std::size_t i = 0; i < last; ++i) {
      const BoundNode& node = tree_.nodes[path_[i]];
      if (node.kind == NodeKind::spatial) {
        if (node.level == point.level) {
          axes.push_back(place);
        } else {
          temporal = false;
          other = place;
        }
        ++place;
      } else if (node.kind == NodeKind::sequential && i >= position) {
        continue;
      } else if (is_branch(node.kind)) {
        temporal = false;
        other.reset();
        iterates |= node.kind == NodeKind::sequential && !point.reuses;
      } else if (node.kind == NodeKind::temporal && i < position) {
        temporal = true;
        other.reset();
        iterates = true;
      }
    }
    point.level_axes = axes;
    const bool from_above = point.parent_level && *point.parent_level != point.level;
    for (std::size_t p = 0; p < point.place_length; ++p) {
      const bool own = std::find(axes.begin(), axes.end(), p) != axes.end();
      const bool below_parent = p >= point.parent_place_length;
      point.multicasts_by_level |= own ? from_above && !below_parent : below_parent;
    }
    if (axes.empty() || axes.size() > 2) return;
    if (iterates) point.at_once = other;
    if (temporal) point.own_axes = std::move(axes);
  }

  const BoundTree& tree_;
  const ArrayProgram& program_;
  std::vector<NodeId> path_;
  std::size_t above_;
};

bool reaches_outside(const BoundTree& tree, const ArrayPoint& point, const PointSet& space) {
  return std::any_of(point.accesses.begin(), point.accesses.end(), [&](const TensorAccess* access) {
    return !includes(tree.tensors[access->tensor].extent, image(*access, space));
  });
}

}  // namespace

std::vector<ArrayPoint> array_points(const BoundTree& tree, const ArrayProgram& program, bool in_place) {
  const PointBuilder builder(tree, program);
  const PointSet space(operation_space(tree.graph, program.einsum));
  const std::vector<TensorLines> lines = tensor_lines(tree);
  std::vector<ArrayPoint> points;
  for (const TrafficPoint& traffic : traffic_points(tree, program)) {
    const Einsum& einsum = tree.graph.einsums[program.einsum];
    ArrayPoint point = builder.build(traffic, einsum, in_place);
    point.clipped = reaches_outside(tree, point, space);
    if (!lines.empty() && point.parent_level == banked_level) point.lines = lines[traffic.tensor.value];
    const auto accesses = accesses_of(einsum);
    point.operand = static_cast<std::size_t>(std::find(accesses.begin(), accesses.end(), point.accesses.front()) -
                                             accesses.begin());
    if (tree.architecture.noc && point.parent_level && point.parent_level->value < levels_outside_array) {
      point.sends_packets = true;
      point.packet_bits = tree.architecture.memories[point.parent_level->value].line_bits();
    }
    points.push_back(std::move(point));
  }
  return points;
}

std::size_t lane_place_length(const BoundTree& tree, const ArrayProgram& program) {
  return PointBuilder(tree, program).lane_places();
}

}  // namespace loopsim
