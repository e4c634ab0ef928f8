#include "inputs/IdealLevels.hpp"

#include <algorithm>
#include <variant>

#include "arch/Architecture.hpp"

namespace loopsim {

namespace {

constexpr std::size_t most_levels = 65;

class LevelCounter {
 public:
  explicit LevelCounter(const std::map<int, std::string>& bindings) : ideal_(ideal_architecture(most_levels)) {
    for (const auto& [level, name] : bindings) {
      numbers_[name] = static_cast<std::size_t>(level);
      need(static_cast<std::size_t>(level) + 1);
    }
  }

  std::size_t levels() const { return levels_; }

  void add(const LoopTreeBranch& branch) {
    for (const LoopTreeNode& node : branch) {
      if (const auto* storage = std::get_if<StorageSpec>(&node.spec)) {
        if (const auto level = number_of(storage->target)) need(*level + 2);
      } else if (const auto* compute = std::get_if<ComputeSpec>(&node.spec)) {
        if (const auto level = number_of(compute->target)) need(*level + 1);
      } else if (const auto* branches = std::get_if<BranchSpec>(&node.spec)) {
        for (const LoopTreeBranch& child : branches->branches) add(child);
      }
    }
  }

 private:
  void need(std::size_t levels) { levels_ = std::max(levels_, std::min(levels, most_levels)); }

  std::optional<std::size_t> number_of(const std::string& target) const {
    const bool is_number =
        !target.empty() && target.size() < 5 && target.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) return std::stoul(target);
    if (const auto bound = numbers_.find(target); bound != numbers_.end()) return bound->second;
    for (std::size_t level = 0; level < ideal_.memories.size(); ++level) {
      if (ideal_.memories[level].name == target) return level;
    }
    return std::nullopt;
  }

  Architecture ideal_;
  std::map<std::string, std::size_t> numbers_;
  std::size_t levels_ = 2;
};

}  // namespace

std::size_t ideal_level_count(const LoopTree& tree, const std::map<int, std::string>& bindings) {
  LevelCounter counter(bindings);
  counter.add(tree.nodes);
  return counter.levels();
}

}  // namespace loopsim
