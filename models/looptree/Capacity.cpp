#include "models/looptree/Capacity.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

using WordsByLevel = IdVector<LevelId, std::int64_t>;

void add(WordsByLevel& total, const WordsByLevel& more) {
  for (std::size_t i = 0; i < total.size(); ++i) total[LevelId(i)] = checked_add(total[LevelId(i)], more[LevelId(i)]);
}

void take_larger(WordsByLevel& most, const WordsByLevel& other) {
  for (std::size_t i = 0; i < most.size(); ++i) most[LevelId(i)] = std::max(most[LevelId(i)], other[LevelId(i)]);
}

WordsByLevel required_below(const BoundTree& tree, const std::map<NodeId, std::int64_t>& held, NodeId id) {
  const BoundNode& node = tree.nodes[id];
  WordsByLevel words(tree.architecture.memories.size());
  for (NodeId child : node.children) {
    const WordsByLevel below = required_below(tree, held, child);
    if (node.kind == NodeKind::sequential) {
      take_larger(words, below);
    } else {
      add(words, below);
    }
  }
  if (node.kind == NodeKind::storage) {
    const auto own = held.find(id);
    if (own != held.end()) words[node.level] = checked_add(words[node.level], own->second);
  }
  return words;
}

}  // namespace

IdVector<LevelId, std::int64_t> required_words(const BoundTree& tree, const std::map<NodeId, std::int64_t>& held) {
  return required_below(tree, held, tree.root());
}

}  // namespace loopsim
