#include "sim/functional/UntimedRun.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <random>
#include <stdexcept>

#include "sim/buffers/Holdings.hpp"
#include "sim/functional/FunctionalModel.hpp"
#include "sim/schedule/SequentialOrder.hpp"

namespace loopsim {

namespace {

class UntimedMachine {
 public:
  UntimedMachine(const BoundTree& tree, const UntimedOrder& order)
      : tree_(tree),
        schedule_(make_schedule(tree)),
        holdings_(tree, schedule_),
        values_(tree, schedule_, holdings_.nodes()),
        random_(order.seed) {
    holdings_.on_release = [this](HoldingIndex node, const Place& place, const PointSet& words) {
      values_.released(node, place, words);
    };
    if (order.sequential) {
      Stage all;
      for (const auto& stage : schedule_.stages)
        all.leaves.insert(all.leaves.end(), stage.leaves.begin(), stage.leaves.end());
      std::sort(all.leaves.begin(), all.leaves.end());
      add_stage(all);
    } else {
      for (const auto& stage : schedule_.stages) add_stage(stage);
    }
  }

  FunctionalResult run() {
    std::vector<std::size_t> able;
    for (;;) {
      able.clear();
      for (std::size_t s = 0; s < stages_.size(); ++s) {
        if (stages_[s].running || can_start(s)) able.push_back(s);
      }
      if (able.empty()) break;
      const std::size_t chosen = able.size() == 1 ? able.front() : able[random_() % able.size()];
      if (stages_[chosen].running) {
        retire(stages_[chosen]);
      } else {
        admit(stages_[chosen]);
      }
      ++now_;
    }
    for (auto& stage : stages_) {
      if (stage.order.peek() != nullptr) throw std::logic_error("the stages wait for each other");
    }
    if (!holdings_.all_released()) throw std::logic_error("words are left in a buffer at the end");
    return values_.finish();
  }

 private:
  struct Running {
    TileOperation operation;
    Plan plan;
  };
  struct RunningStage {
    std::vector<LeafIndex> leaves;
    SequentialOrder order;
    std::optional<Running> running;
  };

  void add_stage(const Stage& stage) {
    stages_.push_back({stage.leaves, SequentialOrder(tree_, schedule_, stage.leaves), {}});
    for (LeafIndex leaf : stage.leaves) holdings_.start(leaf, stages_.back().order.next_time(leaf));
  }

  /// The first iteration of branch `step` of `leaf` that the leaf has not finished; a large number if there is none.
  std::int64_t unfinished(LeafIndex leaf, std::size_t step) {
    for (RunningStage& stage : stages_) {
      if (std::find(stage.leaves.begin(), stage.leaves.end(), leaf) == stage.leaves.end()) continue;
      if (stage.running && stage.running->operation.leaf == leaf) return stage.running->operation.iteration[step];
      if (const TileOperation* next = stage.order.stream(leaf).peek(0)) return next->iteration[step];
    }
    return std::numeric_limits<std::int64_t>::max();
  }

  /// Everything below a branch node's child has finished `iteration`.
  bool finished(NodeId child, std::size_t step, std::int64_t iteration) {
    for (LeafIndex leaf = 0; leaf < schedule_.leaves.size(); ++leaf) {
      const auto& below = tree_.nodes[child].einsums;
      if (std::find(below.begin(), below.end(), schedule_.leaves[leaf].einsum) == below.end()) continue;
      if (unfinished(leaf, step) <= iteration) return false;
    }
    return true;
  }

  bool may_follow(const TileOperation& operation) {
    const Leaf& leaf = schedule_.leaves[operation.leaf];
    for (std::size_t b = 0; b < leaf.branches.size(); ++b) {
      const BranchStep& step = leaf.branches[b];
      const std::vector<NodeId>& children = tree_.nodes[step.node].children;
      const std::int64_t t = operation.iteration[b];
      if (step.kind == NodeKind::sequential) {
        for (std::size_t c = 0; c < children.size(); ++c) {
          if (c != step.child && !finished(children[c], b, c < step.child ? t : t - 1)) return false;
        }
        continue;
      }
      if (!finished(children[step.child], b, t - 1)) return false;
      for (std::size_t c : step.producers) {
        if (!finished(children[c], b, t)) return false;
      }
      for (std::size_t c : step.consumers) {
        if (!finished(children[c], b, t - 2)) return false;
      }
    }
    return true;
  }

  bool can_start(std::size_t s) {
    const TileOperation* next = stages_[s].order.peek();
    if (next == nullptr) return false;
    if (stages_.size() == 1) return true;
    return may_follow(*next);
  }

  void admit(RunningStage& stage) {
    Running running{stage.order.take(), {}};
    running.plan = holdings_.plan(running.operation);
    complete(holdings_.admit(running.plan));
    if (!holdings_.inputs_ready(running.plan)) throw std::logic_error("an operation reads words that no buffer holds");
    stage.running = std::move(running);
  }

  void retire(RunningStage& stage) {
    const Running running = std::move(*stage.running);
    stage.running.reset();
    values_.executed(running.operation, running.plan, now_);
    complete(holdings_.retire(running.plan, stage.order.next_time(running.operation.leaf)));
  }

  void complete(std::vector<Move> moves) {
    while (!moves.empty()) {
      for (const Move& move : moves) {
        if (!holdings_.may_move(move)) throw std::logic_error("a word is read from a buffer that does not hold it");
        if (move.kind == Move::Kind::fill) {
          values_.filled(move, now_);
        } else {
          values_.put(move, values_.take(move, now_));
        }
        holdings_.complete(move);
      }
      moves = holdings_.close_pending();
    }
  }

  const BoundTree& tree_;
  Schedule schedule_;
  Holdings holdings_;
  FunctionalModel values_;
  std::minstd_rand random_;
  std::vector<RunningStage> stages_;
  std::int64_t now_ = 0;
};

}  // namespace

FunctionalResult untimed_run(const BoundTree& tree, const UntimedOrder& order) {
  return UntimedMachine(tree, order).run();
}

}  // namespace loopsim
