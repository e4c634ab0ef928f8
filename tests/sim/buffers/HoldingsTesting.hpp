#pragma once

#include <fmt/format.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/buffers/Holdings.hpp"
#include "sim/schedule/SequentialOrder.hpp"
#include "tests/sim/buffers/BufferCases.hpp"

namespace loopsim {

/// The buffers of a tree, with moves in words: "fill X 0-3", "drain Y 0-1".
class HoldingsBench {
 public:
  explicit HoldingsBench(BoundTree tree)
      : tree_(std::move(tree)), schedule_(make_schedule(tree_)), holdings_(tree_, schedule_) {
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      orders_.emplace_back(tree_, schedule_, std::vector<LeafIndex>{leaf});
      holdings_.start(leaf, orders_.back().next_time(leaf));
    }
    holdings_.on_release = [this](HoldingIndex node, const Place& place, const PointSet& words) {
      if (holdings_.nodes()[node].level == LevelId(0)) return;
      released_.push_back(fmt::format("{} {}", name_of(node), lanes_text({{place, words}})));
    };
  }
  HoldingsBench(const HoldingsBench&) = delete;
  HoldingsBench& operator=(const HoldingsBench&) = delete;

  const BoundTree& tree() const { return tree_; }
  const Schedule& schedule() const { return schedule_; }
  Holdings& holdings() { return holdings_; }

  /// What the einsum's next tile operation needs.
  Plan plan(const std::string& einsum) { return holdings_.plan(*order(einsum).peek()); }
  bool has_next(const std::string& einsum) { return order(einsum).peek() != nullptr; }
  /// The einsum's next operation ends, which has been admitted as planned.
  std::vector<Move> retire(const std::string& einsum, const Plan& plan) {
    order(einsum).take();
    return holdings_.retire(plan, order(einsum).next_time(plan.leaf));
  }
  /// Does the moves, and what follows from them; returns what they are called.
  std::vector<std::string> complete(const std::vector<Move>& moves) {
    std::vector<std::string> names;
    for (const Move& move : moves) {
      if (!holdings_.may_move(move)) throw std::logic_error(text(move) + " may not move");
      names.push_back(text(move));
      holdings_.complete(move);
    }
    const std::vector<Move> more = holdings_.close_pending();
    if (more.empty()) return names;
    for (std::string& name : complete(more)) names.push_back(std::move(name));
    return names;
  }
  /// The einsum's next operation from its plan to its end; returns all moves.
  std::vector<std::string> execute(const std::string& einsum) {
    const Plan needed = plan(einsum);
    std::vector<std::string> names = complete(holdings_.admit(needed));
    if (!holdings_.inputs_ready(needed) || !holdings_.outputs_ready(needed)) throw std::logic_error("it cannot start");
    for (std::string& name : complete(retire(einsum, needed))) names.push_back(std::move(name));
    return names;
  }

  std::string text(const Move& move) const {
    return fmt::format("{} {} {}", move.kind == Move::Kind::fill ? "fill" : "drain", name_of(move.child),
                       lanes_text(move.lanes));
  }
  std::vector<std::string> texts(const std::vector<Move>& moves) const {
    std::vector<std::string> result;
    for (const Move& move : moves) result.push_back(text(move));
    return result;
  }
  /// The tensor's first node at a level.
  HoldingIndex node(const std::string& tensor, std::size_t level = 1) const {
    return node_of(tree_, holdings_.nodes(), tensor, level);
  }
  std::string held(const std::string& tensor, std::size_t level = 1) const {
    std::vector<LaneWords> lanes;
    for (const auto& [place, words] : holdings_.held_words(node(tensor, level))) lanes.push_back({place, words});
    return lanes_text(lanes);
  }
  /// What buffers other than main memory gave up since this was asked last, "X 0-1".
  std::vector<std::string> released() {
    std::vector<std::string> result;
    result.swap(released_);
    return result;
  }
  AccessMeasures measures(const std::string& tensor, const std::string& einsum, std::size_t level = 1) {
    return account(tensor, einsum, level).measures;
  }
  /// After the run: what is asked for first ends it.
  AccessAccount account(const std::string& tensor, const std::string& einsum, std::size_t level = 1) {
    if (accounts_.empty()) accounts_ = holdings_.accounts();
    for (const AccessAccount& account : accounts_) {
      if (account.node == node(tensor, level) && account.leaf == leaf(einsum)) return account;
    }
    throw std::logic_error("no such account");
  }
  LeafIndex leaf(const std::string& einsum) const {
    for (LeafIndex l = 0; l < schedule_.leaves.size(); ++l) {
      if (tree_.graph.einsums[schedule_.leaves[l].einsum].name == einsum) return l;
    }
    throw std::logic_error("no einsum " + einsum);
  }

 private:
  SequentialOrder& order(const std::string& einsum) { return orders_[leaf(einsum)]; }
  std::string name_of(HoldingIndex node) const {
    const HoldingNode& holding = holdings_.nodes()[node];
    const std::string& tensor = tree_.graph.tensors[holding.tensor].name;
    return holding.level == LevelId(1) ? tensor : fmt::format("{}@{}", tensor, holding.level.value);
  }

  BoundTree tree_;
  Schedule schedule_;
  Holdings holdings_;
  std::vector<SequentialOrder> orders_;  ///< by leaf
  std::vector<std::string> released_;
  std::vector<AccessAccount> accounts_;
};

}  // namespace loopsim
