#include "sim/functional/FunctionalModel.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <stdexcept>

#include "mapping/TensorLayout.hpp"
#include "sim/functional/OperationLine.hpp"
#include "sim/functional/ReferenceEvaluation.hpp"
#include "sim/functional/WordStore.hpp"

namespace loopsim {

namespace {

constexpr std::size_t most_messages = 10;

struct TensorValues {
  TensorLayout layout;
  bool original = false;       ///< an input of the workload
  bool result = false;         ///< written and read by no einsum
  std::vector<Value> values;   ///< of an input: what it holds; of a result: what is expected
  std::vector<bool> compared;  ///< of a result
};

/// Where an operation finds its operands of one tensor.
struct Operand {
  const TensorAccess* access = nullptr;
  const TensorValues* tensor = nullptr;
  HoldingIndex node = 0;
  const WordStore* store = nullptr;  ///< nothing: the tensor is an input and the node its origin
};

}  // namespace

struct FunctionalModel::State {
  const BoundTree* tree = nullptr;
  const Schedule* schedule = nullptr;
  const std::vector<HoldingNode>* nodes = nullptr;
  IdVector<TensorId, TensorValues> tensors;
  std::vector<std::map<Place, WordStore>> stores;  ///< by node
  std::int64_t now = 0;
  FunctionalResult result;

  const TensorValues& tensor_of(HoldingIndex node) const { return tensors[(*nodes)[node].tensor]; }
  bool is_origin(HoldingIndex node) const { return !(*nodes)[node].parent && tensor_of(node).original; }
  WordStore& store(HoldingIndex node, const Place& place) {
    return stores[node].try_emplace(place, tensor_of(node).layout.words).first->second;
  }

  void complain(std::string message, std::int64_t mismatches = 1);
  std::string word_name(TensorId tensor, std::size_t index) const;
  std::string level_of(HoldingIndex node) const;
  /// Why a word that was looked for in a store is not there.
  const char* fault(const WordStore& store, std::size_t index) const;

  void fill(const Move& move);
  WrittenBack take(const Move& move);
  void put(const Move& move, const WrittenBack& words);
  void start_outputs(const Einsum& einsum, const Plan::Entry& entry);
  void finish_outputs(const Plan::Entry& entry);
  void execute(const Einsum& einsum, const PointSet& operations, const std::vector<Operand>& operands,
               WordStore* results);
  void execute(const Einsum& einsum, const Box& operations, std::vector<Coordinate>& at, std::size_t rank,
               const std::vector<Operand>& operands, WordStore* results);
  Value read(const Einsum& einsum, const Operand& operand, std::size_t index);
};

void FunctionalModel::State::complain(std::string message, std::int64_t mismatches) {
  result.mismatches += mismatches;
  std::vector<std::string>& messages = result.messages;
  if (messages.size() < most_messages && std::find(messages.begin(), messages.end(), message) == messages.end()) {
    messages.push_back(std::move(message));
  }
}

std::string FunctionalModel::State::word_name(TensorId tensor, std::size_t index) const {
  return fmt::format("{}[{}]", tree->graph.tensors[tensor].name,
                     fmt::join(tensors[tensor].layout.coordinates_of(index), ","));
}

std::string FunctionalModel::State::level_of(HoldingIndex node) const {
  return level_name(tree->architecture, (*nodes)[node].level);
}

const char* FunctionalModel::State::fault(const WordStore& store, std::size_t index) const {
  return store.holds(index) ? "where it is not complete" : "which does not hold it";
}

void FunctionalModel::State::fill(const Move& move) {
  const HoldingNode& child = (*nodes)[move.child];
  const TensorValues& tensor = tensors[child.tensor];
  const bool origin = is_origin(move.parent);
  // The writer fetches running values that had been spilled; a reader, values that are complete.
  const bool accumulates = tree->graph.tensors[child.tensor].writer == move.einsum;
  for (const LaneWords& lane : move.lanes) {
    WordStore& to = store(move.child, lane.place);
    WordStore* from = origin ? nullptr : &store(move.parent, prefix_of(lane.place, (*nodes)[move.parent].place_size));
    for (IndexRun run : index_runs(tensor.layout, lane.words)) {
      for (std::size_t i = run.first; i < run.first + run.count; ++i) {
        if (origin) {
          to.put(i, tensor.values[i]);
        } else if (accumulates && from->running(i) != nullptr) {
          to.begin(i, *from->running(i));
        } else if (!accumulates && from->finished(i) != nullptr) {
          to.put(i, *from->finished(i));
        } else {
          complain(fmt::format("cycle {}: {} is filled with {} from {}, {}", now, level_of(move.child),
                               word_name(child.tensor, i), level_of(move.parent), fault(*from, i)));
        }
      }
    }
  }
}

WrittenBack FunctionalModel::State::take(const Move& move) {
  const HoldingNode& child = (*nodes)[move.child];
  WrittenBack taken;
  for (const LaneWords& lane : move.lanes) {
    WordStore& from = store(move.child, lane.place);
    std::vector<WrittenBack::Word>& words = taken.lanes.emplace_back();
    for (IndexRun run : index_runs(tensors[child.tensor].layout, lane.words)) {
      for (std::size_t i = run.first; i < run.first + run.count; ++i) {
        if (const Value* running = from.running(i)) {
          words.push_back({i, *running, true});
        } else if (const Value* finished = from.finished(i)) {
          words.push_back({i, *finished, false});
        } else {
          complain(fmt::format("cycle {}: {} is written back from {} to {}, {}", now, word_name(child.tensor, i),
                               level_of(move.child), level_of(move.parent), fault(from, i)));
        }
      }
    }
  }
  return taken;
}

void FunctionalModel::State::put(const Move& move, const WrittenBack& words) {
  for (std::size_t l = 0; l < move.lanes.size(); ++l) {
    WordStore& to = store(move.parent, prefix_of(move.lanes[l].place, (*nodes)[move.parent].place_size));
    for (const WrittenBack::Word& word : words.lanes[l]) {
      if (word.running) {
        to.begin(word.index, word.value);
      } else {
        to.put(word.index, word.value);
      }
    }
  }
}

void FunctionalModel::State::start_outputs(const Einsum& einsum, const Plan::Entry& entry) {
  const TensorLayout& layout = tensor_of(entry.node).layout;
  for (const Plan::Lane& lane : entry.lanes) {
    WordStore& words = store(entry.node, lane.place);
    for (IndexRun run : index_runs(layout, intersect(lane.stored, lane.fresh))) {
      for (std::size_t i = run.first; i < run.first + run.count; ++i) words.begin(i, identity_of(einsum.operation));
    }
    for (IndexRun run : index_runs(layout, subtract(lane.stored, lane.fresh))) {
      for (std::size_t i = run.first; i < run.first + run.count; ++i) {
        if (words.running(i) != nullptr) continue;
        complain(fmt::format("cycle {}: einsum {} updates {} in {}, {}", now, einsum.name,
                             word_name(einsum.output.tensor, i), level_of(entry.node),
                             words.holds(i) ? "where it is already complete" : "which does not hold it"));
        words.begin(i, identity_of(einsum.operation));
      }
    }
  }
}

void FunctionalModel::State::finish_outputs(const Plan::Entry& entry) {
  for (const Plan::Lane& lane : entry.lanes) {
    WordStore& words = store(entry.node, lane.place);
    for (IndexRun run : index_runs(tensor_of(entry.node).layout, intersect(lane.stored, lane.finished))) {
      for (std::size_t i = run.first; i < run.first + run.count; ++i) words.finish(i);
    }
  }
}

Value FunctionalModel::State::read(const Einsum& einsum, const Operand& operand, std::size_t index) {
  if (operand.store == nullptr) return operand.tensor->values[index];
  if (const Value* value = operand.store->finished(index)) return *value;
  complain(fmt::format("cycle {}: einsum {} reads {} from {}, {}", now, einsum.name,
                       word_name(operand.access->tensor, index), level_of(operand.node), fault(*operand.store, index)));
  return 0;
}

/// Executes operations; without `results` only the operands are read.
void FunctionalModel::State::execute(const Einsum& einsum, const PointSet& operations,
                                     const std::vector<Operand>& operands, WordStore* results) {
  std::vector<Coordinate> at(einsum.ranks.size());
  for (const Box& box : operations.boxes()) execute(einsum, box, at, 0, operands, results);
}

void FunctionalModel::State::execute(const Einsum& einsum, const Box& operations, std::vector<Coordinate>& at,
                                     std::size_t rank, const std::vector<Operand>& operands, WordStore* results) {
  if (rank + 1 < at.size()) {
    for (Interval run : operations.dimensions[rank].runs()) {
      for (at[rank] = run.low; at[rank] < run.high; ++at[rank]) {
        execute(einsum, operations, at, rank + 1, operands, results);
      }
    }
    return;
  }
  boost::container::small_vector<OperationLine, 4> lines;
  boost::container::small_vector<Value, 4> values(operands.size());
  for (const Operand& operand : operands) {
    lines.push_back(operation_line(*operand.access, operand.tensor->layout, at));
  }
  Value* running = nullptr;
  const OperationLine output = operation_line(einsum.output, tensors[einsum.output.tensor].layout, at);
  for (Interval run : operations.dimensions[rank].runs()) {
    for (Coordinate x = run.low; x < run.high; ++x) {
      for (std::size_t i = 0; i < operands.size(); ++i) {
        values[i] = lines[i].reaches(x) ? read(einsum, operands[i], lines[i].index(x)) : 0;
      }
      // A word that no einsum reads is computed but not stored.
      if (results != nullptr && (output.step != 0 || running == nullptr)) running = results->running(output.index(x));
      if (running == nullptr) continue;
      *running =
          accumulate(einsum.operation, *running, operation_value(einsum.operation, values.data(), values.size()));
    }
  }
}

FunctionalModel::FunctionalModel(const BoundTree& tree, const Schedule& schedule, const std::vector<HoldingNode>& nodes)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.tree = &tree;
  s.schedule = &schedule;
  s.nodes = &nodes;
  s.stores.resize(nodes.size());
  IdVector<TensorId, DenseTensor> reference = evaluate_reference(tree.graph);
  s.tensors = IdVector<TensorId, TensorValues>(tree.graph.tensors.size());
  for (std::size_t t = 0; t < tree.graph.tensors.size(); ++t) {
    const Tensor& tensor = tree.graph.tensors[TensorId(t)];
    TensorValues& values = s.tensors[TensorId(t)];
    values.layout = tensor_layout(tree, TensorId(t));
    values.original = !tensor.writer;
    // What no memory outside the array stores cannot be read back.
    const bool stored =
        std::any_of(nodes.begin(), nodes.end(), [&](const HoldingNode& node) { return node.tensor == TensorId(t); });
    values.result = tensor.writer && tensor.readers.empty() && stored;
    if (values.original) {
      const std::uint64_t seed = input_seed(tensor.name);
      values.values.reserve(values.layout.words);
      for (std::size_t i = 0; i < values.layout.words; ++i) {
        const std::vector<Coordinate> at = values.layout.coordinates_of(i);
        values.values.push_back(input_value(seed, at.data(), at.size()));
      }
    } else if (values.result) {
      values.values = std::move(reference[TensorId(t)].values);
      values.compared.resize(values.layout.words);
    }
  }
}

FunctionalModel::~FunctionalModel() = default;

void FunctionalModel::filled(const Move& fill, std::int64_t cycle) {
  state_->now = cycle;
  state_->fill(fill);
}

WrittenBack FunctionalModel::take(const Move& drain, std::int64_t cycle) {
  state_->now = cycle;
  return state_->take(drain);
}

void FunctionalModel::put(const Move& drain, const WrittenBack& words) {
  state_->put(drain, words);
}

void FunctionalModel::released(HoldingIndex node, const Place& place, const PointSet& words) {
  State& s = *state_;
  if (s.is_origin(node)) return;
  const TensorId id = (*s.nodes)[node].tensor;
  TensorValues& tensor = s.tensors[id];
  const bool compare = tensor.result && !(*s.nodes)[node].parent;
  WordStore& store = s.store(node, place);
  for (IndexRun run : index_runs(tensor.layout, words)) {
    for (std::size_t i = run.first; i < run.first + run.count; ++i) {
      if (compare) {
        if (!tensor.compared[i]) ++s.result.checked;
        tensor.compared[i] = true;
        const Value* value = store.running(i) == nullptr ? store.finished(i) : nullptr;
        if (value == nullptr) {
          s.complain(fmt::format("{} is final in {}, {}", s.word_name(id, i), s.level_of(node), s.fault(store, i)));
        } else if (*value != tensor.values[i]) {
          s.complain(fmt::format("{} is {}, expected {}", s.word_name(id, i), *value, tensor.values[i]));
        }
      }
      store.erase(i);
    }
  }
}

void FunctionalModel::executed(const TileOperation& operation, const Plan& plan, std::int64_t cycle) {
  State& s = *state_;
  s.now = cycle;
  const Einsum& einsum = s.tree->graph.einsums[s.schedule->leaves[operation.leaf].einsum];
  const auto innermost = [&](TensorId tensor) {
    const auto found = std::find_if(plan.entries.begin(), plan.entries.end(), [&](const Plan::Entry& entry) {
      return entry.innermost && (*s.nodes)[entry.node].tensor == tensor;
    });
    return found == plan.entries.end() ? nullptr : &*found;
  };
  const auto place_at = [&](HoldingIndex node, const Place& place) {
    return prefix_of(place, (*s.nodes)[node].place_size);
  };
  const Plan::Entry* const output = innermost(einsum.output.tensor);
  if (output != nullptr) s.start_outputs(einsum, *output);
  std::map<Place, PointSet> done;  // by instance of the output's node
  for (const ArrayLane& lane : operation.lanes) {
    if (lane.operations.empty()) continue;
    std::vector<Operand> operands;
    for (const TensorAccess& access : einsum.inputs) {
      Operand operand{&access, &s.tensors[access.tensor], 0, nullptr};
      if (const Plan::Entry* const entry = innermost(access.tensor)) {
        operand.node = entry->node;
        if (!s.is_origin(operand.node)) operand.store = &s.store(operand.node, place_at(operand.node, lane.place));
      } else if (!operand.tensor->original) {
        throw std::logic_error("a plan lacks a tensor of its einsum");
      }
      operands.push_back(operand);
    }
    if (output == nullptr) {
      s.execute(einsum, lane.operations, operands, nullptr);
      continue;
    }
    const Place place = place_at(output->node, lane.place);
    WordStore& results = s.store(output->node, place);
    // What several instances repeat for the same copy of a word counts once.
    PointSet& before = done[place];
    if (before.empty()) {
      s.execute(einsum, lane.operations, operands, &results);
    } else {
      s.execute(einsum, subtract(lane.operations, before), operands, &results);
      s.execute(einsum, intersect(lane.operations, before), operands, nullptr);
    }
    if (operation.lanes.size() > 1) before.unite(lane.operations);
  }
  if (output != nullptr) s.finish_outputs(*output);
}

FunctionalResult FunctionalModel::finish() {
  State& s = *state_;
  for (std::size_t t = 0; t < s.tensors.size(); ++t) {
    const TensorValues& tensor = s.tensors[TensorId(t)];
    const auto missing = std::count(tensor.compared.begin(), tensor.compared.end(), false);
    if (missing == 0) continue;
    const auto first = std::find(tensor.compared.begin(), tensor.compared.end(), false) - tensor.compared.begin();
    s.complain(
        fmt::format("{} of {} words of {} were never produced, the first is {}", missing, tensor.compared.size(),
                    s.tree->graph.tensors[TensorId(t)].name, s.word_name(TensorId(t), static_cast<std::size_t>(first))),
        missing);
  }
  return s.result;
}

}  // namespace loopsim
