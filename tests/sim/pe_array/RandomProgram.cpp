#include "tests/sim/pe_array/RandomProgram.hpp"

#include <algorithm>
#include <optional>
#include <rapidcheck.h>
#include <set>
#include <string>

#include "mapping/LoopTree.hpp"
#include "mapping/sets/Projection.hpp"
#include "sim/schedule/LoopChanges.hpp"

namespace loopsim {

namespace {

/// Even over the whole range from the first case on: small programs are the exception here, not the start.
std::int64_t draw(std::int64_t low, std::int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}
bool chance(std::int64_t percent) {
  return draw(0, 99) < percent;
}

class ProgramDrawer {
 public:
  explicit ProgramDrawer(const RandomLimits& limits) : limits_(limits) {}

  /// Nothing if it is no input that binds.
  std::optional<RandomProgram> draw_all() {
    draw_graph();
    private_levels_ = static_cast<std::size_t>(draw(0, 2));
    LoopTree source = draw_tree();
    Diagnostics diagnostics;
    RandomProgram program;
    try {
      program.tree = bind_mapping(graph_, draw_architecture(), source, {}, diagnostics);
    } catch (const InputError&) {
      return std::nullopt;
    }
    program.einsum = consumer_;
    if (limits_.banks) draw_banks(program.tree);
    Architecture& machine = program.tree.architecture;
    if (!limits_.packets) machine.noc.reset();
    for (std::size_t level = 0; limits_.packets && level < 2 && level < machine.memories.size(); ++level) {
      machine.memories[level].stated_line_bits = 1;
    }
    draw_tiles(program);
    return program;
  }

 private:
  std::size_t add_rank(EinsumId einsum, const std::string& name, Coordinate low, Coordinate high) {
    Rank rank;
    rank.name = name;
    rank.einsum = einsum;
    rank.low = low;
    rank.high = high;
    graph_.einsums[einsum].ranks.push_back(graph_.ranks.push_back(rank));
    return graph_.einsums[einsum].ranks.size() - 1;
  }

  TensorId add_tensor(const std::string& name) {
    Tensor tensor;
    tensor.name = name;
    return graph_.tensors.push_back(tensor);
  }

  AffineExpression draw_expression(std::size_t ranks) {
    AffineExpression expression;
    expression.constant = draw(-1, 1);
    std::set<std::size_t> used;
    for (std::int64_t terms = draw(chance(10) ? 0 : 1, 2); terms > 0; --terms) {
      used.insert(static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(ranks) - 1)));
    }
    for (const std::size_t rank : used) {
      const std::int64_t coefficient = chance(65) ? 1 : *rc::gen::element<std::int64_t>(2, 3, -1);
      expression.terms.push_back({rank, coefficient});
    }
    return expression;
  }

  void draw_graph() {
    const bool intermediate = chance(50);
    const EinsumId producer(0);
    if (intermediate) graph_.einsums.push_back({});
    consumer_ = graph_.einsums.push_back({});
    Einsum consumer;
    consumer.name = "Consumer";
    consumer.steps_per_operation = draw(1, 3);
    graph_.einsums[consumer_] = consumer;
    const auto ranks = static_cast<std::size_t>(draw(1, 4));
    for (std::size_t r = 0; r < ranks; ++r) {
      const Coordinate low = chance(80) ? 0 : draw(-2, 2);
      add_rank(consumer_, "c" + std::to_string(r), low, low + draw(1, r == 0 ? 9 : 4));
    }
    Einsum& einsum = graph_.einsums[consumer_];
    const std::int64_t inputs = draw(1, 2);
    for (std::int64_t i = 0; i < inputs; ++i) {
      TensorAccess access;
      access.tensor = add_tensor("In" + std::to_string(i));
      for (std::int64_t d = draw(0, 3); d > 0; --d) access.projection.push_back(draw_expression(ranks));
      graph_.tensors[access.tensor].readers.push_back(consumer_);
      einsum.inputs.push_back(access);
    }
    if (chance(10)) {  // one tensor through two accesses
      TensorAccess again = einsum.inputs.front();
      for (AffineExpression& expression : again.projection) expression = draw_expression(ranks);
      einsum.inputs.push_back(again);
    }
    einsum.output.tensor = add_tensor("Out");
    graph_.tensors[einsum.output.tensor].writer = consumer_;
    for (std::size_t r = 0; r < ranks; ++r) {
      if (!chance(60)) continue;
      AffineExpression expression;
      expression.terms.push_back({r, 1});
      einsum.output.projection.push_back(expression);
    }

    const TensorId first(0);
    const PointSet reached = image(einsum.inputs.front(), operation_space(graph_, consumer_));
    const std::vector<Interval> hull = bounds(reached);
    if (intermediate) {
      Einsum& writer = graph_.einsums[producer];
      writer.name = "Producer";
      writer.output.tensor = first;
      graph_.tensors[first].writer = producer;
      for (std::size_t d = 0; d < hull.size(); ++d) {
        AffineExpression expression;
        const Coordinate low = hull[d].low + draw(0, 2);
        expression.terms.push_back(
            {add_rank(producer, "p" + std::to_string(d), low, std::max(low + 1, hull[d].high - draw(0, 2))), 1});
        writer.output.projection.push_back(expression);
      }
      if (hull.empty()) add_rank(producer, "p", 0, 2);
      read_scalar(producer, "Source");
      if (chance(20)) draw_reader(first, hull);
    }
    if (chance(20)) {
      // Readers of windows of the output: what nobody reads does not exist, and what exists need not be a box.
      const std::vector<Interval> written = bounds(image(einsum_output(), operation_space(graph_, consumer_)));
      const TensorId output = einsum_output().tensor;
      draw_reader(output, written);
      draw_reader(output, written);
    }
    if (chance(40)) {
      // A shape makes the words outside it zero padding.
      const TensorId shaped = intermediate ? graph_.einsums[producer].inputs.front().tensor : first;
      std::vector<Coordinate> shape;
      if (!intermediate) {
        for (const Interval dimension : hull) shape.push_back(std::max<Coordinate>(1, dimension.high - draw(0, 2)));
      }
      graph_.tensors[shaped].shape = shape;
    }
  }

  void read_scalar(EinsumId einsum, const std::string& name) {
    TensorAccess input;
    input.tensor = add_tensor(name);
    graph_.tensors[input.tensor].readers.push_back(einsum);
    graph_.einsums[einsum].inputs.push_back(input);
  }

  const TensorAccess& einsum_output() const { return graph_.einsums[consumer_].output; }

  /// Another einsum that reads a window of a tensor.
  void draw_reader(TensorId tensor, const std::vector<Interval>& hull) {
    const std::string number = std::to_string(readers_.size());
    const EinsumId reader = graph_.einsums.push_back({});
    readers_.push_back(reader);
    graph_.einsums[reader].name = "Reader" + number;
    TensorAccess input;
    input.tensor = tensor;
    for (std::size_t d = 0; d < hull.size(); ++d) {
      const Coordinate low = draw(hull[d].low, hull[d].high - 1);
      AffineExpression expression;
      const std::string name = "r" + number + std::to_string(d);
      expression.terms.push_back({add_rank(reader, name, low, low + draw(1, 4)), 1});
      input.projection.push_back(expression);
    }
    if (hull.empty()) add_rank(reader, "r" + number, 0, 2);
    graph_.tensors[tensor].readers.push_back(reader);
    graph_.einsums[reader].inputs.push_back(input);
    graph_.einsums[reader].output.tensor = add_tensor("Result" + number);
    graph_.tensors[graph_.einsums[reader].output.tensor].writer = reader;
  }

  LoopTreeNode draw_loop() {
    const Einsum& einsum = graph_.einsums[consumer_];
    const auto rank = static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(einsum.ranks.size()) - 1));
    LoopSpec loop;
    loop.kind = chance(40) ? LoopSpec::Kind::spatial : LoopSpec::Kind::temporal;
    loop.rank = graph_.ranks[einsum.ranks[rank]].name;
    if (chance(80)) {
      loop.tile_shape = draw(1, 3);
    } else {
      loop.factor = draw(1, 3);
    }
    return {{}, loop};
  }

  Architecture draw_architecture() {
    Architecture architecture = ideal_architecture(3 + private_levels_);
    for (MemoryLevel& memory : architecture.memories) {
      memory.datawidth_bits = *rc::gen::element<std::int64_t>(8, 16, 24);
      if (chance(50)) continue;
      // Powers of two keep the naive figures exact in floating point.
      const auto port = [&](std::optional<std::int64_t>& bandwidth) {
        if (chance(60)) bandwidth = std::int64_t{1} << draw(3, 7);
      };
      port(memory.bandwidth.read);
      port(memory.bandwidth.write);
      port(memory.bandwidth.shared);
    }
    architecture.clock_hz = 1;
    return architecture;
  }

  /// Loops of the consumer and storage nodes in random order; storage of one tensor by level.
  LoopTree draw_tree() {
    const Einsum& einsum = graph_.einsums[consumer_];
    LoopTreeBranch program;
    for (std::int64_t loops = draw(0, 6); loops > 0; --loops) program.push_back(draw_loop());
    std::set<TensorId> tensors;
    for (const TensorAccess* access : accesses_of(einsum)) tensors.insert(access->tensor);
    for (const TensorId tensor : tensors) {
      std::size_t position = 0;
      for (std::size_t level = 1; level < 2 + private_levels_; ++level) {
        if (!chance(level == 1 ? 40 : 75)) continue;
        position = static_cast<std::size_t>(
            draw(static_cast<std::int64_t>(position), static_cast<std::int64_t>(program.size())));
        StorageSpec storage;
        storage.target = std::to_string(level);
        storage.tensors = {graph_.tensors[tensor].name};
        storage.tensors_where.resize(1);
        program.insert(program.begin() + static_cast<std::ptrdiff_t>(position), {{}, storage});
        ++position;
      }
    }
    program.push_back(compute_of(consumer_));

    LoopTree tree;
    StorageSpec all;
    all.target = "0";
    for (const Tensor& tensor : graph_.tensors) all.tensors.push_back(tensor.name);
    all.tensors_where.resize(all.tensors.size());
    tree.nodes.push_back({{}, all});
    if (graph_.einsums.size() == 1) {
      tree.nodes.insert(tree.nodes.end(), program.begin(), program.end());
    } else {
      BranchSpec branch;
      if (chance(30)) branch.kind = BranchSpec::Kind::pipeline;
      if (consumer_ != EinsumId(0)) branch.branches.push_back({compute_of(EinsumId(0))});
      branch.branches.push_back(program);
      for (const EinsumId reader : readers_) branch.branches.push_back({compute_of(reader)});
      if (readers_.empty() && chance(40)) tree.nodes.push_back(draw_loop());
      tree.nodes.push_back({{}, branch});
    }
    return tree;
  }

  LoopTreeNode compute_of(EinsumId einsum) const {
    ComputeSpec compute;
    compute.einsum = graph_.einsums[einsum].name;
    compute.target = std::to_string(2 + private_levels_);
    return {{}, compute};
  }

  void draw_banks(BoundTree& tree) {
    MemoryLevel& buffer = tree.architecture.memories[1];
    buffer.banks = BankSettings{draw(1, 6), chance(50)};
    buffer.stated_line_bits = 24 * draw(1, 8);
    for (std::size_t t = 0; t < tree.tensors.size(); ++t) {
      const TensorId tensor(t);
      if (chance(40)) tree.graph.tensors[tensor].first_bank = draw(0, 9);
      DataLayout& layout = tree.tensors[tensor].layout;
      const auto dimensions = static_cast<std::int64_t>(tree.tensors[tensor].extent.boxes().front().dimensions.size());
      layout = row_major(static_cast<std::size_t>(dimensions));
      for (std::int64_t d = dimensions; d > 1; --d) {
        std::swap(layout.order[static_cast<std::size_t>(d - 1)],
                  layout.order[static_cast<std::size_t>(draw(0, d - 1))]);
      }
      if (dimensions == 0 || chance(20)) continue;
      layout.in_line = {{static_cast<std::size_t>(draw(0, dimensions - 1)), std::nullopt}};
      if (chance(50)) layout.in_line.front().words = 1;
    }
  }

  IntervalSet draw_range(Interval whole) {
    const Coordinate low = draw(whole.low, whole.high - 1);
    IntervalSet range(low, draw(low + 1, whole.high));
    if (limits_.odd_shapes && chance(25)) {
      const Coordinate hole = draw(whole.low, whole.high - 1);
      IntervalSet rest = subtract(range, IntervalSet(hole, hole + 1));
      if (!rest.empty()) return rest;
    }
    return range;
  }

  Box draw_box() {
    Box box;
    for (const IntervalSet& dimension : operation_space(graph_, consumer_).dimensions) {
      box.dimensions.push_back(draw_range(dimension.runs().front()));
    }
    return box;
  }

  PointSet draw_operations(const PointSet& before) {
    if (!before.empty() && chance(60)) {
      // The next tile of a regular tiling: the last one moved on, cut at the end of the space.
      const auto rank =
          static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(graph_.einsums[consumer_].ranks.size()) - 1));
      const std::int64_t step = draw(1, 3);
      PointSet moved;
      for (Box box : before.boxes()) {
        box.dimensions[rank] = shift(box.dimensions[rank], step);
        moved.unite(intersect(box, operation_space(graph_, consumer_)));
      }
      if (!moved.empty()) return moved;
    }
    PointSet operations(draw_box());
    if (limits_.odd_shapes && chance(40)) operations.unite(draw_box());
    return operations;
  }

  void draw_tiles(RandomProgram& program) {
    program.program = array_program(program.tree, consumer_);
    const ArrayProgram& array = program.program;
    const std::vector<NodeId> loops = loops_above(program.tree, array.top);
    std::size_t axes = 0;
    for (const NodeId node : path_to(program.tree, array.top)) {
      axes += node != array.top && program.tree.nodes[node].kind == NodeKind::spatial;
    }
    std::set<std::vector<Coordinate>> places;
    for (std::int64_t lanes = limits_.lanes && axes > 0 ? draw(1, 4) : 1; lanes > 0; --lanes) {
      std::vector<Coordinate> place;
      for (std::size_t a = 0; a < axes; ++a) place.push_back(limits_.lanes ? draw(0, 2) : 0);
      places.insert(place);
    }
    std::vector<PointSet> before(places.size());
    for (std::int64_t tiles = draw(1, 4); tiles > 0; --tiles) {
      RandomProgram::Tile tile;
      if (!program.tiles.empty() && chance(70)) tile.advanced = draw_loop_of(loops);
      std::size_t lane = 0;
      for (const std::vector<Coordinate>& place : places) {
        PointSet operations = draw_operations(before[lane]);
        if (chance(10)) operations = {};
        if (!operations.empty()) before[lane] = operations;
        tile.lanes.push_back({place, std::move(operations)});
        ++lane;
      }
      program.tiles.push_back(std::move(tile));
    }
    draw_changes(program, loops);
  }

  static std::vector<NodeId> loops_above(const BoundTree& tree, NodeId top) {
    std::vector<NodeId> loops;
    for (const NodeId index : indices_above(tree, top)) {
      if (tree.nodes[index].kind == NodeKind::temporal) loops.push_back(index);
    }
    return loops;
  }

  std::optional<NodeId> draw_loop_of(const std::vector<NodeId>& loops) {
    if (loops.empty()) return std::nullopt;
    return loops[static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(loops.size()) - 1))];
  }

  /// Iterations are those of the tiles; with which loop above the cut they change is anybody's guess.
  void draw_changes(RandomProgram& program, const std::vector<NodeId>& loops) {
    LoopChanges changes(program.tree, consumer_, {}, program.program.nodes);
    for (const RandomProgram::Tile& tile : program.tiles) {
      for (const ArrayLane& lane : tile.lanes) changes.visit({}, lane.operations);
    }
    program.program.iterates = changes.iterates();
    program.program.changes_with.clear();
    for (std::size_t r = 0; r < graph_.einsums[consumer_].ranks.size(); ++r) {
      program.program.changes_with.push_back(chance(70) ? draw_loop_of(loops) : std::nullopt);
    }
  }

  RandomLimits limits_;
  EinsumGraph graph_;
  EinsumId consumer_;
  std::size_t private_levels_ = 0;
  std::vector<EinsumId> readers_;
};

}  // namespace

RandomProgram draw_program(const RandomLimits& limits) {
  for (int tries = 0; tries < 300; ++tries) {
    if (auto program = ProgramDrawer(limits).draw_all()) return *std::move(program);
  }
  RC_DISCARD("does not bind");
}

}  // namespace loopsim
