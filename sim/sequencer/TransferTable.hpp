#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sim/buffers/Holdings.hpp"
#include "sim/buffers/Transfer.hpp"
#include "sim/functional/FunctionalModel.hpp"
#include "sim/glb/TensorLines.hpp"
#include "sim/sequencer/PendingTile.hpp"

namespace loopsim {

/// The transfers that are on their way, or wait for their words: by number, which is the order of issue.
class TransferTable {
 public:
  struct Entry {
    std::unique_ptr<Transfer> transfer;
    std::vector<PendingTile*> waiting;  ///< tile operations whose words it brings
    WrittenBack values;                 ///< of a write-back, in a functional run
    bool submitted = false;
    std::optional<StageIndex> writer;  ///< of a write-back that a stage's results wait for
  };

  TransferTable(const BoundTree& tree, const std::vector<HoldingNode>& nodes)
      : tree_(&tree), nodes_(&nodes), lines_(tensor_lines(tree)) {}

  /// A move becomes a transfer, with the bits that it reads and writes at either end.
  Entry& add(Move move, Transfer::Urgency urgency, Cycle now, const PathCycles& path);
  /// Where a fill on its way already brings words that an admitted operation reads, the operation waits for it.
  void join(PendingTile& tile, Transfer::Urgency urgency);
  /// An operation might start but for its words: what brings them is urgent now.
  void urge(const PendingTile& tile);
  /// Takes a completed transfer out.
  Entry take(const Transfer& transfer);

  bool empty() const { return entries_.empty(); }
  std::map<std::int64_t, Entry>& entries() { return entries_; }
  const std::map<std::int64_t, Entry>& entries() const { return entries_; }

 private:
  std::size_t first_bank_of(const Move& move) const;

  const BoundTree* tree_;
  const std::vector<HoldingNode>* nodes_;
  std::vector<TensorLines> lines_;  ///< by tensor; empty if level 1 has no banks
  std::map<std::int64_t, Entry> entries_;
  std::int64_t next_number_ = 0;
};

}  // namespace loopsim
