#include "mapping/ReachCheck.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/NameList.hpp"
#include "mapping/sets/Projection.hpp"

namespace loopsim {

namespace {

/// What an expression gives for ranks within their bounds, and what it gives at least and at most.
Interval range_of(const EinsumGraph& graph, const Einsum& einsum, const AffineExpression& expression,
                  const AffineTerm* left_out = nullptr) {
  Interval range{expression.constant, expression.constant + 1};
  for (const AffineTerm& term : expression.terms) {
    if (&term == left_out) continue;
    const Rank& rank = graph.ranks[einsum.ranks[term.rank]];
    const Coordinate first = term.coefficient * rank.low;
    const Coordinate last = term.coefficient * (rank.high - 1);
    range.low += std::min(first, last);
    range.high += std::max(first, last);
  }
  return range;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0);
}

/// a - b, held within what can be negated: bounds near 2^63 are far from any extent all the same.
std::int64_t difference(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 2;
  std::int64_t result = 0;
  if (__builtin_sub_overflow(a, b, &result)) return a < b ? -most : most;
  return std::clamp(result, -most, most);
}

/// The values c of a rank for which c * coefficient + `others` meets `extent`.
Interval meeting(const AffineTerm& term, const Rank& rank, Interval others, Interval extent) {
  // others.low + k c < extent.high and others.high - 1 + k c >= extent.low
  const std::int64_t least = difference(extent.low, others.high - 1);
  const std::int64_t most = difference(extent.high - 1, others.low);
  const std::int64_t k = term.coefficient;
  const std::int64_t from = k > 0 ? -floor_divide(-least, k) : -floor_divide(-most, k);
  const std::int64_t to = k > 0 ? floor_divide(most, k) : floor_divide(least, k);
  return {std::max(rank.low, from), std::min(rank.high, to + 1)};
}

std::string range_text(Coordinate low, Coordinate high) {
  return high - low == 1 ? fmt::format("{}", low) : fmt::format("{} to {}", low, high - 1);
}

/// What there is of one tensor along its dimensions, and who reads it.
class ReachCheck {
 public:
  /// `shape_where`: of its shape; nothing for a tensor that is written. `zero_padding`: what lies outside is zero.
  ReachCheck(const EinsumGraph& graph, TensorId id, std::optional<SourcePosition> shape_where, bool zero_padding,
             Diagnostics& diagnostics)
      : graph_(graph),
        id_(id),
        tensor_(graph.tensors[id]),
        readers_(tensor_.readers.begin(), tensor_.readers.end()),
        shape_where_(std::move(shape_where)),
        zero_padding_(zero_padding),
        diagnostics_(diagnostics) {
    if (tensor_.writer) {
      const Einsum& writer = graph_.einsums[*tensor_.writer];
      for (const AffineExpression& e : writer.output.projection) extent_.push_back(range_of(graph_, writer, e));
    } else {
      for (const Coordinate size : *tensor_.shape) extent_.push_back({0, size});
    }
  }

  void run() {
    for (std::size_t d = 0; d < extent_.size(); ++d) {
      bool good = true;
      for (const EinsumId reader : readers_) {
        for (const TensorAccess& access : graph_.einsums[reader].inputs) {
          if (access.tensor == id_) good = check_reader(reader, access.projection[d], d) && good;
        }
      }
      if (good && !readers_.empty()) check_unread(d);
    }
  }

  /// Readers of which coordinates reach nothing.
  const std::set<EinsumId>& idle_readers() const { return idle_readers_; }

  /// A shape of a tensor that is written.
  void compare_with_shape() {
    std::string written;
    bool differs = false;
    for (std::size_t d = 0; d < extent_.size(); ++d) {
      written += fmt::format("{}{}", written.empty() ? "" : ", ", size_of(extent_[d]));
      differs = differs || size_of(extent_[d]) != (*tensor_.shape)[d];
    }
    if (!differs) return;
    diagnostics_.warning(
        *shape_where_,
        fmt::format("'{}' writes '{}' with extents [{}], whatever the shape says; that a shape is there only "
                    "makes padding zero",
                    graph_.einsums[*tensor_.writer].name, tensor_.name, written));
  }

 private:
  static std::int64_t size_of(Interval range) { return range.high - range.low; }

  /// "along 'Fmap2_C'" if the problem names the dimension, else "along dimension 0".
  std::string along(std::size_t d) const {
    if (d >= tensor_.dimensions.size()) return fmt::format("along dimension {}", d);  // a graph made without names
    const std::string& name = tensor_.dimensions[d];
    return name == fmt::format("{}_{}", tensor_.name, d) ? fmt::format("along dimension {}", d)
                                                         : fmt::format("along '{}'", name);
  }

  const Rank* rank_written(std::size_t d) const {
    if (!tensor_.writer) return nullptr;
    const Einsum& writer = graph_.einsums[*tensor_.writer];
    const std::vector<AffineTerm>& terms = writer.output.projection[d].terms;
    return terms.empty() ? nullptr : &graph_.ranks[writer.ranks[terms.front().rank]];
  }

  bool check_reader(EinsumId reader, const AffineExpression& expression, std::size_t d) {
    const Einsum& einsum = graph_.einsums[reader];
    for (const AffineTerm& term : expression.terms) {
      const Rank& rank = graph_.ranks[einsum.ranks[term.rank]];
      const Interval useful = meeting(term, rank, range_of(graph_, einsum, expression, &term), extent_[d]);
      if (useful.low <= rank.low && useful.high >= rank.high) continue;
      // A window, or what is shifted, may be meant to lie in the padding.
      const bool may_be_meant = expression.constant != 0 || expression.terms.size() > 1;
      report_idle(einsum, rank, useful, d, may_be_meant);
      idle_readers_.insert(reader);
      return false;
    }
    return true;
  }

  void report_idle(const Einsum& einsum, const Rank& rank, Interval useful, std::size_t d, bool may_be_meant) {
    const std::string idle = useful.low >= useful.high ? range_text(rank.low, rank.high)
                             : useful.high < rank.high ? range_text(useful.high, rank.high)
                                                       : range_text(rank.low, useful.low);
    const Rank* written = rank_written(d);
    const std::string there = range_text(extent_[d].low, extent_[d].high);
    const std::string source = written != nullptr ? fmt::format("'{}' of '{}', which writes it, is {}", written->name,
                                                                graph_.einsums[*tensor_.writer].name, there)
                                                  : fmt::format("its shape has {} ({})", size_of(extent_[d]), there);
    const std::string text =
        fmt::format("'{}' reads '{}' {} where there is nothing: {}, but '{}' is {}, of which {} reach no word; ",
                    einsum.name, tensor_.name, along(d), source, rank.name, range_text(rank.low, rank.high), idle);
    const SourcePosition& where = shape_where_ ? *shape_where_ : rank.where;
    if (!zero_padding_) {
      diagnostics_.warning(where, text +
                                      "that padding counts as data, as in LoopTree, unless some tensor has a "
                                      "'simulation.tensors.NAME.shape'");
    } else if (may_be_meant) {
      diagnostics_.warning(where, text + "their windows are padding alone");
    } else {
      diagnostics_.error(where, text + "no window slides here, so this is no padding: make the two alike");
    }
    if (shape_where_) {
      diagnostics_.note(rank.where, fmt::format("the bounds of '{}'; a shape gives the extents of [{}]", rank.name,
                                                fmt::join(tensor_.dimensions, ", ")));
    } else if (written != nullptr) {
      diagnostics_.note(written->where, fmt::format("the bounds of '{}'", written->name));
    }
  }

  /// Less than a stride at an end is left over by nature.
  void check_unread(std::size_t d) {
    std::optional<Interval> read;
    std::int64_t stride = 1;
    std::vector<std::string> names;
    const Rank* reading = nullptr;
    for (const EinsumId reader : readers_) {
      const Einsum& einsum = graph_.einsums[reader];
      names.push_back(einsum.name);
      for (const TensorAccess& access : einsum.inputs) {
        if (access.tensor != id_) continue;
        const Interval range = range_of(graph_, einsum, access.projection[d]);
        read = read ? Interval{std::min(read->low, range.low), std::max(read->high, range.high)} : range;
        for (const AffineTerm& term : access.projection[d].terms) {
          stride = std::max(stride, std::abs(term.coefficient));
          if (reading == nullptr) reading = &graph_.ranks[einsum.ranks[term.rank]];
        }
      }
    }
    if (read->low - extent_[d].low < stride && extent_[d].high - read->high < stride) return;
    const Interval kept{std::max(read->low, extent_[d].low), std::min(read->high, extent_[d].high)};
    const Rank* written = rank_written(d);
    const std::string text = fmt::format(
        "{} {} '{}' {} at {} only, but {} {}: the rest is {}", list_names(names), names.size() == 1 ? "reads" : "read",
        tensor_.name, along(d), range_text(kept.low, kept.high),
        written != nullptr
            ? fmt::format("'{}' of '{}', which writes it, is", written->name, graph_.einsums[*tensor_.writer].name)
            : "its shape has",
        range_text(extent_[d].low, extent_[d].high), tensor_.writer ? "never computed" : "never moved");
    diagnostics_.warning(shape_where_ ? *shape_where_ : reading != nullptr ? reading->where : tensor_.where, text);
    if (written != nullptr) diagnostics_.note(written->where, fmt::format("the bounds of '{}'", written->name));
  }

  const EinsumGraph& graph_;
  TensorId id_;
  const Tensor& tensor_;
  std::set<EinsumId> readers_;
  std::optional<SourcePosition> shape_where_;
  bool zero_padding_;
  std::set<EinsumId> idle_readers_;
  std::vector<Interval> extent_;
  Diagnostics& diagnostics_;
};

using Reads = std::set<std::pair<EinsumId, TensorId>>;

/// Without a shape, words that projections reach outside what the producer writes count as data. `told`: of these reads
/// so much has been said.
void warn_about_padding(const BoundTree& tree, const Reads& told, Diagnostics& diagnostics) {
  for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
    const Einsum& einsum = tree.graph.einsums[EinsumId(e)];
    for (const TensorAccess& input : einsum.inputs) {
      if (!tree.tensors[input.tensor].intermediate || told.count({EinsumId(e), input.tensor}) > 0) continue;
      const PointSet reached = image(input, operation_space(tree.graph, EinsumId(e)));
      if (includes(tree.tensors[input.tensor].extent, reached)) continue;
      diagnostics.warning(
          input.where,
          fmt::format("'{}' reads '{}' beyond what is written; that padding counts as data, as in LoopTree. Give "
                      "'simulation.tensors.NAME.shape' of any tensor for zero padding",
                      einsum.name, tree.graph.tensors[input.tensor].name));
    }
  }
}

}  // namespace

void check_reach(const BoundTree& tree, Diagnostics& diagnostics) {
  Reads told;
  for (std::size_t t = 0; t < tree.graph.tensors.size(); ++t) {
    const TensorId tensor(t);
    if (!tree.graph.tensors[tensor].writer) continue;
    ReachCheck check(tree.graph, tensor, std::nullopt, tree.zero_padding, diagnostics);
    check.run();
    for (const EinsumId reader : check.idle_readers()) told.emplace(reader, tensor);
  }
  if (!tree.zero_padding) warn_about_padding(tree, told, diagnostics);
}

void check_shape(const EinsumGraph& graph, TensorId tensor, const SourcePosition& where, Diagnostics& diagnostics) {
  ReachCheck check(graph, tensor, where, true, diagnostics);
  if (graph.tensors[tensor].writer) {
    check.compare_with_shape();
  } else {
    check.run();
  }
}

}  // namespace loopsim
