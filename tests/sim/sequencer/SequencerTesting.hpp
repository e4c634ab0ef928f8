#pragma once

#include <deque>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/checks/MinimumSpace.hpp"
#include "sim/pe_array/ArrayExecutor.hpp"
#include "sim/sequencer/Sequencer.hpp"

namespace loopsim {

/// How long a transfer takes from when it was submitted.
struct MoveTime {
  std::int64_t memory = 0;  ///< until it has left main memory
  std::int64_t buffer = 0;  ///< from there until it is complete
};

/// A tile operation that an array executes.
struct ArrayJob {
  StageIndex stage = 0;
  LeafIndex leaf = 0;
  const ArrayOutcome* outcome = nullptr;
};

/// An array that only computes.
inline ArraySpent computing(std::int64_t cycles) {
  ArraySpent spent;
  spent.steps.compute = Cycle(cycles);
  return spent;
}
inline Cycle length_of(const ArraySpent& spent) {
  Cycle length = spent.steps.compute + spent.operand_delay;
  for (Cycle stall : spent.steps.stall) length += stall;
  return length;
}

/// How long everything takes. Nothing: it never ends by itself.
struct Latencies {
  std::function<std::optional<MoveTime>(const Transfer&)> transfer;
  std::function<std::optional<ArraySpent>(const ArrayJob&, std::int64_t number)> array;
};

/// A sequencer with memories and arrays that do nothing but write down what they were asked for. A test reports by hand
/// what has completed, and when, or has `run` do so after latencies.
class SequencerBench : private TransferSink, private ArraySink, private RunObserver {
 public:
  SequencerBench(BoundTree tree, Sequencer::Options options, bool observed = true)
      : tree_(std::move(tree)), schedule_(make_schedule(tree_)), spent_(schedule_.stages.size()) {
    for (const auto& [level, peak] : minimum_space(tree_, schedule_, [](const RetiredOperation&) {})) {
      options.minimum_bits[level] = peak.bits;
    }
    if (observed) options.observer = this;
    running_.resize(schedule_.stages.size());
    for (const Leaf& leaf : schedule_.leaves) executors_.emplace_back(tree_, leaf.program);
    started_.resize(schedule_.leaves.size());
    sequencer_.emplace(tree_, schedule_, std::move(options), static_cast<TransferSink&>(*this),
                       static_cast<ArraySink&>(*this), nullptr);
  }
  SequencerBench(const SequencerBench&) = delete;
  SequencerBench& operator=(const SequencerBench&) = delete;

  Sequencer& sequencer() { return *sequencer_; }
  const BoundTree& tree() const { return tree_; }
  const Schedule& schedule() const { return schedule_; }

  void step(std::int64_t now) {
    now_ = now;
    sequencer_->step(Cycle(now));
  }
  /// The oldest transfer of this name that is not complete ("fill X") is, and went through main memory before.
  void deliver(const std::string& name, std::int64_t left_memory, std::int64_t completed) {
    for (auto waiting = waiting_.begin(); waiting != waiting_.end(); ++waiting) {
      if (name_of(**waiting) != name) continue;
      deliver(**waiting, left_memory, completed);
      waiting_.erase(waiting);
      return;
    }
    throw std::logic_error("no " + name + " is on its way");
  }
  /// The array of this einsum has ended its job.
  void finish(const std::string& einsum, ArraySpent spent) {
    for (StageIndex s = 0; s < running_.size(); ++s) {
      if (!running_[s] || einsum_of(running_[s]->leaf) != einsum) continue;
      spent_[s] = std::move(spent);
      running_[s].reset();
      sequencer_->report_array(s);
      return;
    }
    throw std::logic_error(einsum + " is not executed");
  }
  /// From cycle 0 until nothing happens any more.
  void run(const Latencies& latencies) {
    latencies_ = &latencies;
    step(0);
    for (;;) {
      std::optional<std::int64_t> next;
      if (!due_.empty()) next = due_.begin()->first;
      if (const auto wakeup = sequencer_->next_wakeup(); wakeup && (!next || wakeup->value < *next)) {
        next = wakeup->value;
      }
      if (!next) break;
      if (due_.count(*next) != 0) {
        const auto reports = std::move(due_[*next]);
        due_.erase(*next);
        for (const auto& report : reports) report();
      }
      step(*next);
    }
    latencies_ = nullptr;
  }

  /// Transfers that are not complete, oldest first.
  const std::vector<Transfer*>& waiting() const { return waiting_; }

  /// What happened, "4 start F #0", in order.
  std::vector<std::string> log() const {
    std::vector<std::string> lines;
    for (const Event& event : events_) lines.push_back(fmt::format("{} {} {}", event.at, event.what, event.detail));
    return lines;
  }
  /// The cycles at which something happened, such as "start F", "retire F", "submit fill X".
  std::vector<std::int64_t> times(const std::string& what) const {
    std::vector<std::int64_t> result;
    for (const Event& event : events_) {
      if (event.what == what) result.push_back(event.at);
    }
    return result;
  }
  std::vector<std::string> details(const std::string& what) const {
    std::vector<std::string> result;
    for (const Event& event : events_) {
      if (event.what == what) result.push_back(event.detail);
    }
    return result;
  }
  StageAccount account(const std::string& stage) {
    for (StageAccount& account : sequencer_->accounts()) {
      if (account.stage == stage) return account;
    }
    throw std::logic_error("no stage " + stage);
  }

 private:
  struct Event {
    std::int64_t at = 0;
    std::string what;
    std::string detail;
  };

  void note(std::string what, std::string detail) { events_.push_back({now_, std::move(what), std::move(detail)}); }
  const std::string& einsum_of(LeafIndex leaf) const { return tree_.graph.einsums[schedule_.leaves[leaf].einsum].name; }
  std::string name_of(const Transfer& transfer) {
    const TensorId tensor = sequencer_->holdings().nodes()[transfer.move.child].tensor;
    return (transfer.move.kind == Move::Kind::fill ? "fill " : "drain ") + tree_.graph.tensors[tensor].name;
  }
  void deliver(Transfer& transfer, std::int64_t left_memory, std::int64_t completed) {
    transfer.left_memory = Cycle(left_memory);
    transfer.completed = Cycle(completed);
    sequencer_->report_transfer(transfer);
  }
  static const char* text_of(Transfer::Urgency urgency) {
    switch (urgency) {
      case Transfer::Urgency::demand_fill:
        return "demanded";
      case Transfer::Urgency::awaited_drain:
        return "awaited";
      case Transfer::Urgency::prefetch:
        return "ahead";
      case Transfer::Urgency::drain:
        break;
    }
    return "at leisure";
  }
  static std::string tile(const TileOperation& operation) { return fmt::format("#{}", operation.number); }

  void submit(Transfer& transfer) override {
    note("submit " + name_of(transfer),
         fmt::format("{} words, {}", transfer.move.written.value, text_of(transfer.urgency)));
    if (latencies_ == nullptr) {
      waiting_.push_back(&transfer);
    } else if (const auto time = latencies_->transfer(transfer)) {
      const std::int64_t left = now_ + time->memory;
      due_[left + time->buffer].push_back(
          [this, &transfer, left, time] { deliver(transfer, left, left + time->buffer); });
    }
  }
  const ArrayOutcome& execute(StageIndex stage, const TileOperation& operation) override {
    const ArrayOutcome& outcome = executors_[operation.leaf].execute(operation.lanes, operation.advanced);
    const ArrayJob job{stage, operation.leaf, &outcome};
    const std::int64_t number = started_[job.leaf]++;
    note("execute " + einsum_of(job.leaf), fmt::format("#{}", number));
    running_[job.stage] = job;
    if (latencies_ == nullptr) return outcome;
    if (auto spent = latencies_->array(job, number)) {
      const std::int64_t end = now_ + length_of(*spent).value;
      due_[end].push_back([this, leaf = job.leaf, spent = std::move(*spent)] { finish(einsum_of(leaf), spent); });
    }
    return outcome;
  }
  ArraySpent spent(StageIndex stage) const override { return spent_[stage]; }

  void operation_admitted(StageIndex, const TileOperation& operation, int fills, Cycle) override {
    note("admit " + einsum_of(operation.leaf), fmt::format("{}, {} fills", tile(operation), fills));
  }
  void operation_started(StageIndex, const TileOperation& operation, Cycle) override {
    note("start " + einsum_of(operation.leaf), tile(operation));
  }
  void operation_ended(const OperationRecord& record) override {
    note("end " + einsum_of(record.operation->leaf), tile(*record.operation));
  }
  void operation_retired(const TileOperation& operation, const Plan&, Cycle) override {
    note("retire " + einsum_of(operation.leaf), tile(operation));
  }
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override {
    std::vector<std::string> names;
    for (const OperationId& user : users) names.push_back(fmt::format("{} #{}", einsum_of(user.leaf), user.number));
    note("complete " + name_of(transfer),
         fmt::format("{}, for [{}]", text_of(transfer.urgency), fmt::join(names, ", ")));
  }

  BoundTree tree_;
  Schedule schedule_;
  std::optional<Sequencer> sequencer_;
  std::int64_t now_ = 0;
  const Latencies* latencies_ = nullptr;
  std::map<std::int64_t, std::vector<std::function<void()>>> due_;
  std::vector<Transfer*> waiting_;
  std::deque<ArrayExecutor> executors_;           ///< by leaf
  std::vector<std::optional<ArrayJob>> running_;  ///< by stage
  std::vector<ArraySpent> spent_;                 ///< by stage
  std::vector<std::int64_t> started_;             ///< by leaf
  std::vector<Event> events_;
};

}  // namespace loopsim
