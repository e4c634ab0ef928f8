#include "mapping/StoredBits.hpp"

#include <fmt/format.h>

#include "base/Quantity.hpp"

namespace loopsim {

void report_too_many_bits(const BoundTree& tree, Diagnostics& diagnostics) {
  constexpr std::int64_t most = std::int64_t(1) << 62;
  IdVector<LevelId, std::int64_t> held(tree.architecture.memories.size());
  for (const BoundNode& node : tree.nodes) {
    if (node.kind != NodeKind::storage) continue;
    const std::int64_t words = tree.tensors[node.tensor].words;
    const std::int64_t bits = word_bits(tree, node.tensor, node.level);
    const WideCount total = static_cast<WideCount>(words) * bits + held[node.level];
    if (total <= most) {
      held[node.level] = static_cast<std::int64_t>(total);
      continue;
    }
    diagnostics.error(
        node.where,
        fmt::format("'{}' has {} words of {} bits; '{}' is to hold more than 2^62 bits with it",
                    tree.graph.tensors[node.tensor].name, words, bits, level_name(tree.architecture, node.level)));
  }
}

}  // namespace loopsim
