#include "mapping/tiles/TileStream.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"
#include "mapping/sets/Projection.hpp"
#include "mapping/tiles/SegmentWalker.hpp"

namespace loopsim {

struct TileStream::State {
  const BoundTree* tree;
  std::vector<EinsumId> wanted;
  std::vector<NodeId> index_nodes;
  std::vector<SegmentWalker> segments;
  std::vector<Coordinate> branch_children;  ///< index of the branch below each segment but the last
  std::size_t visible_loops = 0;            ///< loops of the last segment that lie above the position
  std::vector<Coordinate> indices;
  std::map<EinsumId, PointSet> operations;
  bool started = false;
  bool pending = false;  ///< the last segment already stands on the next iteration
  bool done = false;

  bool advance();
  void collect_indices();
};

namespace {

/// Einsums of a group whose output is read by another of the group and by one outside it.
std::vector<EinsumId> einsums_read_elsewhere(const BoundTree& tree, const std::vector<EinsumId>& group) {
  std::vector<EinsumId> result;
  for (EinsumId e : group) {
    const std::vector<EinsumId>& readers = tree.graph.tensors[tree.graph.einsums[e].output.tensor].readers;
    const auto within = std::count_if(readers.begin(), readers.end(), [&](EinsumId reader) {
      return std::find(group.begin(), group.end(), reader) != group.end();
    });
    if (within > 0 && within < static_cast<std::ptrdiff_t>(readers.size())) result.push_back(e);
  }
  return result;
}

std::map<EinsumId, PointSet> pick(const std::map<EinsumId, PointSet>& tiles, const std::vector<EinsumId>& einsums) {
  std::map<EinsumId, PointSet> result;
  for (EinsumId e : einsums) result[e] = tiles.at(e);
  return result;
}

}  // namespace

TileStream::TileStream(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.tree = &tree;
  s.wanted = wanted;
  s.index_nodes = indices_above(tree, position);

  // Cut the path below the root into segments at the branch nodes above the position. The last segment runs on below
  // the position to the next branch or compute node: the loops there shape the inferred tiles, which then unite.
  struct Piece {
    std::vector<NodeId> loops;
    NodeId end;
    std::size_t first_index = 0;
  };
  std::vector<Piece> pieces(1);
  const std::vector<NodeId> path = path_to(tree, position);
  std::size_t index = 0;
  bool below = false;
  NodeId node = tree.root();
  for (std::size_t i = 0;; ++i) {
    const BoundNode& n = tree.nodes[node];
    below |= node == position;
    if (is_loop(n.kind)) {
      pieces.back().loops.push_back(node);
      if (!below) ++s.visible_loops;
      ++index;
    }
    pieces.back().end = node;
    if (n.kind == NodeKind::compute || (below && is_branch(n.kind))) break;
    if (is_branch(n.kind)) {
      const NodeId next = path[i + 1];
      s.branch_children.push_back(std::find(n.children.begin(), n.children.end(), next) - n.children.begin());
      ++index;
      pieces.push_back({{}, next, index});
      s.visible_loops = 0;
    }
    node = below ? n.children.front() : path[i + 1];
  }

  std::vector<EinsumId> needed = wanted;
  std::vector<SegmentWalker> reversed;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    Piece& piece = pieces[i];
    const std::vector<EinsumId>& group = tree.nodes[piece.end].einsums;
    const EinsumId head = piece.loops.empty() ? group.back() : tree.nodes[piece.loops.front()].head;
    if (needed.empty()) needed.push_back(head);
    // What another group reads may be made in a tile in which the head has nothing to do. Then there is an iteration,
    // and every stream over these loops has to see it.
    if (!piece.loops.empty()) {
      for (EinsumId e : einsums_read_elsewhere(tree, group)) {
        if (std::find(needed.begin(), needed.end(), e) == needed.end()) needed.push_back(e);
      }
    }
    // Where only the head is wanted its slices are enough, and loops below the position do not matter.
    const bool only_head = std::all_of(needed.begin(), needed.end(), [&](EinsumId e) { return e == head; });
    const bool infer = group.size() > 1 && (piece.loops.empty() || !only_head);
    if (i + 1 == pieces.size() && !infer) piece.loops.resize(s.visible_loops);
    reversed.emplace_back(tree, piece.loops, group, head, needed, piece.first_index, infer);
    needed = reversed.back().needed();
  }
  while (!reversed.empty()) {
    s.segments.push_back(std::move(reversed.back()));
    reversed.pop_back();
  }
}

TileStream::TileStream(TileStream&&) noexcept = default;
TileStream& TileStream::operator=(TileStream&&) noexcept = default;
TileStream::~TileStream() = default;

/// Moves the deepest segment on; when it ends, the one above, and so on.
bool TileStream::State::advance() {
  std::size_t level = segments.size() - 1;
  if (!started) {
    started = true;
    std::map<EinsumId, PointSet> whole;
    for (EinsumId e : segments.front().needed()) whole[e] = PointSet(operation_space(tree->graph, e));
    segments.front().restart(std::move(whole));
    level = 0;
  }
  for (;;) {
    if (segments[level].next()) {
      if (level + 1 == segments.size()) return true;
      segments[level + 1].restart(pick(segments[level].tiles(), segments[level + 1].needed()));
      ++level;
    } else if (level == 0) {
      return false;
    } else {
      --level;
    }
  }
}

void TileStream::State::collect_indices() {
  indices.clear();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    const std::vector<Coordinate>& own = segments[i].indices();
    indices.insert(indices.end(), own.begin(),
                   last ? own.begin() + static_cast<std::ptrdiff_t>(visible_loops) : own.end());
    if (!last) indices.push_back(branch_children[i]);
  }
}

bool TileStream::next() {
  State& s = *state_;
  if (s.done) return false;
  if (!s.pending && !s.advance()) {
    s.done = true;
    return false;
  }
  s.pending = false;
  s.collect_indices();
  s.operations = pick(s.segments.back().tiles(), s.wanted);
  const bool hidden_loops = s.segments.back().indices().size() > s.visible_loops;
  if (!hidden_loops) return true;

  const std::vector<Coordinate> here = s.indices;
  while (s.advance()) {
    s.collect_indices();
    if (s.indices != here) {
      s.pending = true;
      break;
    }
    for (EinsumId e : s.wanted) s.operations[e].unite(s.segments.back().tiles().at(e));
  }
  if (!s.pending) s.done = true;
  s.indices = here;
  return true;
}

const std::vector<NodeId>& TileStream::index_nodes() const {
  return state_->index_nodes;
}
const std::vector<Coordinate>& TileStream::indices() const {
  return state_->indices;
}
const PointSet& TileStream::operations(EinsumId einsum) const {
  return state_->operations.at(einsum);
}

}  // namespace loopsim
