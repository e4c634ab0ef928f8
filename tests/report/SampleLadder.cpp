#include "tests/report/SampleLadder.hpp"

namespace loopsim::test {
namespace {

RungResult result_of(Fidelity rung, std::int64_t cycles, std::vector<BridgeEntry> bridge) {
  RungResult result;
  result.rung = rung;
  result.cycles = cycles;
  result.bridge = std::move(bridge);
  return result;
}

}  // namespace

std::vector<RungResult> sample_rungs() {
  return {
      result_of(Fidelity::ideal, 900, {{"not_memory_bound", -100}, {"stall.dram", 0}}),
      result_of(Fidelity::bandwidth, 1'200,
                {{"not_memory_bound", -100}, {"compute_off_path", -20}, {"stall.dram", 320}}),
      result_of(Fidelity::dram, 1'050,
                {{"not_memory_bound", -100}, {"compute_off_path", -20}, {"stall.glb", 40}, {"stall.dram", 130}}),
  };
}

Ladder sample_ladder() {
  RungResult alone = result_of(Fidelity::dram, 977, {});
  alone.only = true;
  return build_ladder(1'000, sample_rungs(), {alone});
}

}  // namespace loopsim::test
