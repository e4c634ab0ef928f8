#include "tests/support/RandomGraph.hpp"

#include <algorithm>
#include <string>

namespace loopsim {

namespace {

using Shape = std::vector<Coordinate>;

/// A dimension of an access: coefficient * rank, summed, plus a constant.
AffineExpression sum_of(std::vector<AffineTerm> terms, std::int64_t constant = 0) {
  AffineExpression expression;
  expression.terms = std::move(terms);
  expression.constant = constant;
  std::sort(expression.terms.begin(), expression.terms.end(),
            [](const AffineTerm& a, const AffineTerm& b) { return a.rank < b.rank; });
  return expression;
}

class GraphDrawer {
 public:
  GraphDrawer(Choices& choices, const RandomGraphLimits& limits) : choices_(choices), limits_(limits) {}

  EinsumGraph draw() {
    const std::size_t dimensions = choices_.between(2, 3);
    Shape shape{choices_.between(1, limits_.channels)};
    const Coordinate most = dimensions == 2 ? limits_.extent + 4 : limits_.extent;
    for (std::size_t d = 1; d < dimensions; ++d) shape.push_back(choices_.between(most / 2, most));
    maps_.push_back(add_tensor("Fmap0", shape));
    const std::size_t einsums = 1 + choices_.below(limits_.einsums);
    for (std::size_t e = 0; e < einsums; ++e) add_einsum(e + 1 == einsums);
    draw_shapes();
    return std::move(graph_);
  }

 private:
  TensorId add_tensor(const std::string& name, const Shape& shape) {
    Tensor tensor;
    tensor.name = name;
    for (std::size_t d = 0; d < shape.size(); ++d) tensor.dimensions.push_back(name + "_" + std::to_string(d));
    shapes_.push_back(shape);
    return graph_.tensors.push_back(std::move(tensor));
  }

  /// A rank of the einsum being built; its position.
  std::size_t add_rank(const std::string& letter, Coordinate extent, Coordinate low = 0) {
    Rank rank;
    rank.name = letter + std::to_string(number());
    rank.einsum = EinsumId(graph_.einsums.size());
    rank.low = low;
    rank.high = low + extent;
    einsum_.ranks.push_back(graph_.ranks.push_back(rank));
    return einsum_.ranks.size() - 1;
  }

  void read(TensorId tensor, std::vector<AffineExpression> projection) {
    TensorAccess access;
    access.tensor = tensor;
    access.projection = std::move(projection);
    graph_.tensors[tensor].readers.push_back(EinsumId(graph_.einsums.size()));
    einsum_.inputs.push_back(std::move(access));
  }

  void write(const Shape& shape, const std::vector<std::size_t>& ranks, std::int64_t constant = 0) {
    const TensorId tensor = add_tensor("Fmap" + std::to_string(number()), shape);
    graph_.tensors[tensor].writer = EinsumId(graph_.einsums.size());
    einsum_.output.tensor = tensor;
    for (std::size_t rank : ranks) einsum_.output.projection.push_back(sum_of({{rank, 1}}, constant));
    einsum_.name = "E" + std::to_string(number());
    graph_.einsums.push_back(std::move(einsum_));
    einsum_ = {};
    maps_.push_back(tensor);
  }

  std::size_t number() const { return graph_.einsums.size() + 1; }
  const Shape& shape_of(TensorId tensor) const { return shapes_[tensor.value]; }

  /// Mostly the latest; what no einsum reads yet comes first where side outputs are not wanted.
  TensorId pick_source(bool last) {
    if (last || !limits_.side_outputs) {
      for (TensorId map : maps_) {
        if (graph_.tensors[map].writer && graph_.tensors[map].readers.empty()) return map;
      }
    }
    if (maps_.size() > 1 && choices_.chance(20)) return choices_.of(maps_);
    return maps_.back();
  }

  std::vector<TensorId> others_with_shape(TensorId source) const {
    std::vector<TensorId> result;
    for (TensorId map : maps_) {
      if (map != source && shape_of(map) == shape_of(source)) result.push_back(map);
    }
    return result;
  }

  void add_einsum(bool last) {
    const TensorId source = pick_source(last);
    const std::size_t dimensions = shape_of(source).size();
    if (dimensions == 1) return add_function(source);
    switch (choices_.below(8)) {
      case 0:
      case 1:
      case 2:
        return add_convolution(source, false);
      case 3:
        return add_convolution(source, true);
      case 4:
        return add_function(source);
      case 5:
        return add_binary(source);
      case 6:
        return dimensions == 2 ? add_product(source) : add_binary(source);
      default:
        return add_sum(source);
    }
  }

  struct Window {
    Coordinate taps = 1, stride = 1, dilation = 1, padding = 0, outputs = 1;
  };

  Window draw_window(Coordinate extent) {
    Window w;
    w.taps = choices_.between(1, 3);
    if (choices_.chance(30)) w.stride = choices_.between(1, 2);
    if (choices_.chance(20)) w.dilation = choices_.between(1, 2);
    if (choices_.chance(40)) w.padding = choices_.between(0, 1);
    const Coordinate reach = w.dilation * (w.taps - 1) + 1;
    if (extent + 2 * w.padding < reach) return {1, 1, 1, 0, extent};
    w.outputs = (extent + 2 * w.padding - reach) / w.stride + 1;
    if (w.outputs > 2 && choices_.chance(15)) --w.outputs;  // some of what the producer could give is not needed
    return w;
  }

  /// Convolution, depthwise convolution or pooling.
  void add_convolution(TensorId source, bool by_channel) {
    const Shape shape = shape_of(source);
    const bool pooling = by_channel && choices_.chance(40);
    const Coordinate outputs = by_channel ? shape[0] : choices_.between(1, limits_.channels);
    std::vector<Window> windows;
    for (std::size_t d = 1; d < shape.size(); ++d) windows.push_back(draw_window(shape[d]));
    const std::int64_t shift = choices_.chance(15) ? 1 : 0;  // ranks of the output that do not start at 0
    const std::size_t m = add_rank("M", outputs, shift);
    std::vector<std::size_t> places{m};
    static const char* const letters[] = {"P", "Q"};
    static const char* const tap_letters[] = {"R", "S"};
    for (std::size_t d = 0; d < windows.size(); ++d) places.push_back(add_rank(letters[d], windows[d].outputs, shift));
    std::vector<AffineExpression> input;
    std::vector<AffineExpression> filter{sum_of({{m, 1}}, -shift)};
    if (by_channel) {
      input.push_back(sum_of({{m, 1}}, -shift));
    } else {
      const std::size_t c = add_rank("C", shape[0]);
      input.push_back(sum_of({{c, 1}}));
      filter.push_back(sum_of({{c, 1}}));
    }
    Shape filter_shape{outputs};
    if (!by_channel) filter_shape.push_back(shape[0]);
    for (std::size_t d = 0; d < windows.size(); ++d) {
      const Window& w = windows[d];
      std::vector<AffineTerm> terms{{places[d + 1], w.stride}};
      if (w.taps > 1 || choices_.chance(20)) {
        const std::size_t tap = add_rank(tap_letters[d], w.taps);
        terms.push_back({tap, w.dilation});
        filter.push_back(sum_of({{tap, 1}}));
        filter_shape.push_back(w.taps);
      }
      input.push_back(sum_of(std::move(terms), -w.padding - w.stride * shift));
    }
    read(source, std::move(input));
    if (pooling) {
      einsum_.operation = Operation::max;
    } else {
      read(add_tensor("Filter" + std::to_string(number()), filter_shape), std::move(filter));
    }
    Shape output{outputs};
    for (const Window& w : windows) output.push_back(w.outputs);
    write(output, places, -shift);
  }

  std::vector<std::size_t> add_ranks_of(const Shape& shape) {
    static const char* const letters[] = {"M", "P", "Q"};
    std::vector<std::size_t> ranks;
    for (std::size_t d = 0; d < shape.size(); ++d) ranks.push_back(add_rank(letters[d], shape[d]));
    return ranks;
  }

  static std::vector<AffineExpression> identity(const std::vector<std::size_t>& ranks) {
    std::vector<AffineExpression> projection;
    for (std::size_t rank : ranks) projection.push_back(sum_of({{rank, 1}}));
    return projection;
  }

  void add_function(TensorId source) {
    const Shape shape = shape_of(source);
    const std::vector<std::size_t> ranks = add_ranks_of(shape);
    read(source, identity(ranks));
    einsum_.operation = choices_.of<Operation>({Operation::relu, Operation::copy, Operation::exp});
    std::vector<std::size_t> places = ranks;
    Shape output = shape;
    if (choices_.chance(20)) {  // transposed
      std::swap(places.front(), places.back());
      std::swap(output.front(), output.back());
    }
    write(output, places);
  }

  /// Residual with a tensor of the same shape, or a bias by channel.
  void add_binary(TensorId source) {
    const Shape shape = shape_of(source);
    const std::vector<std::size_t> ranks = add_ranks_of(shape);
    read(source, identity(ranks));
    const std::vector<TensorId> others = others_with_shape(source);
    std::vector<TensorId> vectors;
    for (TensorId map : maps_) {
      if (shape_of(map).size() == 1 && shape_of(map)[0] == shape[0]) vectors.push_back(map);
    }
    if (!vectors.empty() && choices_.chance(70)) {
      read(choices_.of(vectors), {sum_of({{ranks[0], 1}})});
    } else if (!others.empty() && !choices_.chance(20)) {
      read(choices_.of(others), identity(ranks));
    } else if (choices_.chance(50)) {
      read(add_tensor("Other" + std::to_string(number()), shape), identity(ranks));
    } else {
      read(add_tensor("Bias" + std::to_string(number()), {shape[0]}), {sum_of({{ranks[0], 1}})});
    }
    einsum_.operation = choices_.of<Operation>({Operation::add, Operation::sub, Operation::mul, Operation::div});
    write(shape, ranks);
  }

  /// Matrix product, possibly of two intermediates: O[n, p] = sum over m of A[m, p] * B[m, n].
  void add_product(TensorId source) {
    const Shape shape = shape_of(source);
    std::vector<TensorId> others;
    for (TensorId map : maps_) {
      if (map != source && shape_of(map).size() == 2 && shape_of(map)[0] == shape[0]) others.push_back(map);
    }
    TensorId other;
    if (!others.empty() && choices_.chance(70)) {
      other = choices_.of(others);
    } else {
      other = add_tensor("Matrix" + std::to_string(number()), {shape[0], choices_.between(1, limits_.extent)});
    }
    const Coordinate columns = shape_of(other)[1];
    const std::size_t n = add_rank("N", columns);
    const std::size_t p = add_rank("P", shape[1]);
    const std::size_t m = add_rank("M", shape[0]);
    read(source, {sum_of({{m, 1}}), sum_of({{p, 1}})});
    read(other, {sum_of({{m, 1}}), sum_of({{n, 1}})});
    write({columns, shape[1]}, {n, p});
  }

  /// Sum or maximum over the last dimension.
  void add_sum(TensorId source) {
    const Shape shape = shape_of(source);
    const std::vector<std::size_t> ranks = add_ranks_of(shape);
    read(source, identity(ranks));
    if (choices_.chance(40)) einsum_.operation = Operation::max;
    write(Shape(shape.begin(), shape.end() - 1), {ranks.begin(), ranks.end() - 1});
  }

  /// With one shape, everything outside a tensor is zero padding.
  void draw_shapes() {
    if (!choices_.chance(50)) return;
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {
      Tensor& tensor = graph_.tensors[TensorId(t)];
      if (t == 0 || choices_.chance(20)) tensor.shape = shapes_[t];
    }
  }

  Choices& choices_;
  RandomGraphLimits limits_;
  EinsumGraph graph_;
  Einsum einsum_;               ///< being built
  std::vector<Shape> shapes_;   ///< by tensor
  std::vector<TensorId> maps_;  ///< that a new einsum may read
};

}  // namespace

EinsumGraph random_graph(Choices& choices, const RandomGraphLimits& limits) {
  return GraphDrawer(choices, limits).draw();
}

}  // namespace loopsim
