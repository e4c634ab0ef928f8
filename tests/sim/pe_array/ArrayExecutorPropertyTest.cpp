#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

#include "sim/pe_array/ArrayExecutor.hpp"
#include "tests/sim/pe_array/NaiveArray.hpp"
#include "tests/sim/pe_array/RandomProgram.hpp"

namespace loopsim {

namespace {

std::string describe(const BoundTree& tree, EinsumId id) {
  std::string text;
  const Einsum& einsum = tree.graph.einsums[id];
  for (RankId rank : einsum.ranks)
    text +=
        fmt::format("{}:{}..{} ", tree.graph.ranks[rank].name, tree.graph.ranks[rank].low, tree.graph.ranks[rank].high);
  for (const TensorAccess* access : accesses_of(einsum)) {
    text += tree.graph.tensors[access->tensor].name + "[";
    for (const AffineExpression& expression : access->projection) {
      for (const AffineTerm& term : expression.terms) text += fmt::format("{:+}*c{}", term.coefficient, term.rank);
      text += fmt::format("{:+},", expression.constant);
    }
    text += "] ";
  }
  text += tree.zero_padding ? "zero padding\n" : "\n";
  for (NodeId node : path_to(tree, tree.compute_node[id])) {
    const BoundNode& n = tree.nodes[node];
    if (is_loop(n.kind)) {
      text += fmt::format("  {} rank {} shape {} factor {} level {}\n",
                          n.kind == NodeKind::spatial ? "spatial" : "temporal", n.rank, n.tile_shape.value_or(0),
                          n.factor.value_or(0), n.level.value);
    } else if (n.kind == NodeKind::storage) {
      text += fmt::format("  storage {} {}\n", n.level.value, tree.graph.tensors[n.tensor].name);
    } else {
      text += is_branch(n.kind) ? "  branch\n" : "  compute\n";
    }
  }
  return text;
}

std::string describe(const std::vector<ArrayLane>& lanes) {
  std::string text;
  for (const ArrayLane& lane : lanes) {
    text += fmt::format("  lane [{}]:", fmt::join(lane.place, ","));
    for (const Box& box : lane.operations.boxes()) {
      text += " (";
      for (const IntervalSet& dimension : box.dimensions) {
        for (const Interval run : dimension.runs()) text += fmt::format("{}..{} ", run.low, run.high);
        text += ", ";
      }
      text += ")";
    }
    text += "\n";
  }
  return text;
}

/// Bits by what packets have in common, in an order of its own: how words fill lines is StepPackets' matter.
std::vector<std::string> describe(const std::vector<const std::vector<StepPacket>*>& sets) {
  std::map<std::string, std::int64_t> bits;
  for (const std::vector<StepPacket>* set : sets) {
    for (const StepPacket& packet : *set) {
      std::string text = fmt::format(" {}{}", packet.sum ? "+" : ">", packet.operand);
      for (const PeNode node : packet.nodes) text += fmt::format(",{}.{}", node.column, node.row);
      bits[fmt::format("{} level {}", text, packet.memory.value)] += packet.bits * packet.count;
    }
  }
  std::vector<std::string> packets;
  for (const auto& [text, sum] : bits) packets.push_back(fmt::format("{}:{}b", text, sum));
  return packets;
}

std::string describe(const ArrayOutcome& outcome) {
  std::string text = fmt::format("steps {} operations {}\n", outcome.steps, outcome.operations);
  for (const ArrayTraffic& t : outcome.traffic) {
    text += fmt::format("  fills {} parent {} by rule {} occupancy {} peers {} moved {} {} first {} starts {}\n",
                        t.touched_fills, t.touched_parent, t.ruled_parent, t.touched_max_occupancy, t.peers,
                        t.moved_fills, t.moved_parent, t.first_updates, t.reduction_starts);
  }
  std::string step;
  std::int64_t steps = 0;
  const auto close = [&] {
    if (steps > 0) text += fmt::format("  {} x {}\n", steps, step);
  };
  for (const StepRun& run : outcome.runs) {
    const ArrayStep& s = *run.step;
    std::string one = fmt::format("{} cycles, reads {} writes {} banks read {} written {}", s.cycles_per_step,
                                  fmt::join(s.read_bits, "/"), fmt::join(s.write_bits, "/"),
                                  fmt::join(s.bank_reads, "/"), fmt::join(s.bank_writes, "/"));
    for (const std::string& packet : describe(s.packets)) one += packet;
    if (one != step) {
      close();
      step = std::move(one);
      steps = 0;
    }
    steps += run.steps;
  }
  close();
  return text;
}

void execute_one(const RandomLimits& limits) {
  const RandomProgram random = draw_program(limits);
  const ArrayProgram& program = random.program;
  ArrayExecutor fast(random.tree, program);
  NaiveArray naive(random.tree, program);
  std::string history = describe(random.tree, random.einsum);
  for (const RandomProgram::Tile& tile : random.tiles) {
    history += fmt::format(" tile after {}\n{}", tile.advanced ? static_cast<std::int64_t>(tile.advanced->value) : -1,
                           describe(tile.lanes));
    const std::string expected = describe(naive.execute(tile.lanes, tile.advanced));
    const std::string actual = describe(fast.execute(tile.lanes, tile.advanced));
    if (actual != expected) RC_FAIL(history + "expected " + expected + "actual " + actual);
  }
}

/// Several programs a case, so that the default number of cases is enough.
void expect_same_as_naive(const RandomLimits& limits) {
  for (int i = 0; i < 10; ++i) execute_one(limits);
}

}  // namespace

RC_GTEST_PROP(ArrayExecutorProperty, BoxesEqualTheNaiveExecution, ()) {
  expect_same_as_naive({});
}

RC_GTEST_PROP(ArrayExecutorProperty, OddShapesEqualTheNaiveExecution, ()) {
  expect_same_as_naive({false, true});
}

RC_GTEST_PROP(ArrayExecutorProperty, LanesEqualTheNaiveExecution, ()) {
  expect_same_as_naive({true, false});
}

RC_GTEST_PROP(ArrayExecutorProperty, LanesOfOddShapesEqualTheNaiveExecution, ()) {
  expect_same_as_naive({true, true});
}

RC_GTEST_PROP(ArrayExecutorProperty, LinesInBanksEqualTheNaiveExecution, ()) {
  expect_same_as_naive({false, false, true});
  expect_same_as_naive({true, true, true});
}

RC_GTEST_PROP(ArrayExecutorProperty, PacketsEqualTheNaiveExecution, ()) {
  expect_same_as_naive({false, false, false, true});
  expect_same_as_naive({false, true, false, true});
}

}  // namespace loopsim
