#include "sim/functional/ReferenceEvaluation.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t most_operations = 500'000'000;
constexpr std::int64_t most_words = 100'000'000;

struct Range {
  Coordinate low = 0;
  Coordinate high = 0;  ///< exclusive
};

Range range_of(const EinsumGraph& graph, const Einsum& einsum, const AffineExpression& expression) {
  Range range{expression.constant, expression.constant + 1};
  for (const AffineTerm& term : expression.terms) {
    const Rank& rank = graph.ranks[einsum.ranks[term.rank]];
    const Coordinate first = term.coefficient * rank.low;
    const Coordinate last = term.coefficient * (rank.high - 1);
    range.low += std::min(first, last);
    range.high += std::max(first, last);
  }
  return range;
}

std::vector<Range> ranges_of(const EinsumGraph& graph, const Einsum& einsum, const TensorAccess& access) {
  std::vector<Range> ranges;
  for (const AffineExpression& expression : access.projection) ranges.push_back(range_of(graph, einsum, expression));
  return ranges;
}

/// The box of words that a tensor has.
std::vector<Range> ranges_of(const EinsumGraph& graph, TensorId id) {
  const Tensor& tensor = graph.tensors[id];
  if (tensor.writer) return ranges_of(graph, graph.einsums[*tensor.writer], graph.einsums[*tensor.writer].output);
  std::vector<Range> box;
  if (tensor.shape) {
    for (Coordinate extent : *tensor.shape) box.push_back({0, extent});
    return box;
  }
  bool first = true;
  for (EinsumId reader : tensor.readers) {
    for (const TensorAccess& access : graph.einsums[reader].inputs) {
      if (access.tensor != id) continue;
      const std::vector<Range> read = ranges_of(graph, graph.einsums[reader], access);
      if (first) box = read;
      first = false;
      for (std::size_t d = 0; d < box.size(); ++d) {
        box[d] = {std::min(box[d].low, read[d].low), std::max(box[d].high, read[d].high)};
      }
    }
  }
  return box;
}

}  // namespace

void check_functional_limits(const EinsumGraph& graph) {
  std::int64_t operations = 0;
  std::int64_t words = 0;
  try {
    for (std::size_t e = 0; e < graph.einsums.size(); ++e) {
      operations = checked_add(operations, operation_space_size(graph, EinsumId(e)));
    }
    for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
      std::int64_t volume = 1;
      for (Range range : ranges_of(graph, TensorId(t))) volume = checked_multiply(volume, range.high - range.low);
      words = checked_add(words, volume);
    }
  } catch (const OverflowError&) {
    throw LimitError("functional mode: the workload has more than 2^63 operations or words");
  }
  if (operations > most_operations) {
    throw LimitError(
        fmt::format("functional mode evaluates the workload directly and takes on {} operations at most; "
                    "this one has {}",
                    most_operations, operations));
  }
  if (words > most_words) {
    throw LimitError(
        fmt::format("functional mode keeps whole tensors and takes on {} words at most; this workload "
                    "has {}",
                    most_words, words));
  }
}

namespace {

void fill_input(DenseTensor& tensor, std::uint64_t seed) {
  std::vector<Coordinate> at = tensor.low;
  for (Value& value : tensor.values) {
    value = input_value(seed, at.data(), at.size());
    for (std::size_t d = at.size(); d-- > 0;) {
      if (++at[d] < tensor.low[d] + tensor.extent[d]) break;
      at[d] = tensor.low[d];
    }
  }
}

/// The word that an access reaches, kept up to date as the loops advance.
class WordCursor {
 public:
  WordCursor(const EinsumGraph& graph, const Einsum& einsum, const TensorAccess& access, const DenseTensor& tensor)
      : extent_(tensor.extent), index_steps_(einsum.ranks.size()) {
    const std::vector<Range> reached = ranges_of(graph, einsum, access);
    steps_.assign(einsum.ranks.size(), std::vector<std::int64_t>(extent_.size()));
    std::int64_t stride = 1;
    offset_.resize(extent_.size());
    for (std::size_t d = extent_.size(); d-- > 0;) {
      const Coordinate low = tensor.low[d];
      stays_inside_ = stays_inside_ && reached[d].low >= low && reached[d].high <= low + extent_[d];
      offset_[d] = access.projection[d].constant - low;
      for (const AffineTerm& term : access.projection[d].terms) {
        steps_[term.rank][d] += term.coefficient;
        index_steps_[term.rank] += term.coefficient * stride;
        offset_[d] += term.coefficient * graph.ranks[einsum.ranks[term.rank]].low;
      }
      index_ += offset_[d] * stride;
      stride *= extent_[d];
    }
  }

  void advance(std::size_t rank, std::int64_t count) {
    index_ += index_steps_[rank] * count;
    if (stays_inside_) return;
    for (std::size_t d = 0; d < offset_.size(); ++d) offset_[d] += steps_[rank][d] * count;
  }

  bool is_inside() const {
    if (stays_inside_) return true;
    for (std::size_t d = 0; d < offset_.size(); ++d) {
      if (offset_[d] < 0 || offset_[d] >= extent_[d]) return false;
    }
    return true;
  }
  /// Position in DenseTensor::values; only while inside.
  std::size_t index() const { return static_cast<std::size_t>(index_); }

 private:
  std::vector<std::int64_t> extent_;
  std::vector<std::int64_t> offset_;              ///< from the tensor's least coordinates, by dimension
  std::vector<std::vector<std::int64_t>> steps_;  ///< of the offset, by rank and dimension
  std::int64_t index_ = 0;
  std::vector<std::int64_t> index_steps_;  ///< by rank
  bool stays_inside_ = true;               ///< for all operations
};

void evaluate(const EinsumGraph& graph, const Einsum& einsum, IdVector<TensorId, DenseTensor>& tensors) {
  std::vector<WordCursor> inputs;
  std::vector<const Value*> sources;
  for (const TensorAccess& access : einsum.inputs) {
    inputs.emplace_back(graph, einsum, access, tensors[access.tensor]);
    sources.push_back(tensors[access.tensor].values.data());
  }
  DenseTensor& results = tensors[einsum.output.tensor];
  std::fill(results.values.begin(), results.values.end(), identity_of(einsum.operation));
  WordCursor output(graph, einsum, einsum.output, results);
  std::vector<Value> operands(inputs.size());
  std::vector<std::int64_t> counts;
  for (RankId rank : einsum.ranks) counts.push_back(graph.ranks[rank].high - graph.ranks[rank].low);
  std::vector<std::int64_t> count(counts.size());

  for (;;) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      operands[i] = inputs[i].is_inside() ? sources[i][inputs[i].index()] : 0;
    }
    const Value contribution = operation_value(einsum.operation, operands.data(), operands.size());
    Value& result = results.values[output.index()];
    result = accumulate(einsum.operation, result, contribution);

    std::size_t rank = counts.size();
    while (rank-- > 0) {
      const bool wraps = ++count[rank] == counts[rank];
      const std::int64_t steps = wraps ? 1 - counts[rank] : 1;
      for (WordCursor& input : inputs) input.advance(rank, steps);
      output.advance(rank, steps);
      if (!wraps) break;
      count[rank] = 0;
    }
    if (rank == static_cast<std::size_t>(-1)) return;
  }
}

}  // namespace

IdVector<TensorId, DenseTensor> evaluate_reference(const EinsumGraph& graph) {
  check_functional_limits(graph);
  IdVector<TensorId, DenseTensor> tensors(graph.tensors.size());
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const TensorId id(t);
    DenseTensor& tensor = tensors[id];
    std::size_t volume = 1;
    for (Range range : ranges_of(graph, id)) {
      tensor.low.push_back(range.low);
      tensor.extent.push_back(range.high - range.low);
      volume *= static_cast<std::size_t>(range.high - range.low);
    }
    tensor.values.resize(volume);
    if (!graph.tensors[id].writer) fill_input(tensor, input_seed(graph.tensors[id].name));
  }
  for (EinsumId einsum : topological_order(graph)) evaluate(graph, graph.einsums[einsum], tensors);
  return tensors;
}

}  // namespace loopsim
