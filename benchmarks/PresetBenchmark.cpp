// A preset through each stage of the program.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include "benchmarks/PresetTree.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "models/looptree/LoopTreeEstimate.hpp"
#include "runs/RunCase.hpp"

namespace loopsim {
namespace {

void read_and_bind(benchmark::State& state, const char* workload) {
  for (auto _ : state) benchmark::DoNotOptimize(preset_tree(workload, "edge").nodes.size());
}
BENCHMARK_CAPTURE(read_and_bind, resnet18_block, "resnet18_block/fused")->Unit(benchmark::kMillisecond);

/// The operations of every einsum in each iteration of the loops above the first branch.
void infer_tiles(benchmark::State& state, const char* workload) {
  const BoundTree tree = preset_tree(workload, "edge");
  NodeId branch = tree.root();
  while (!is_branch(tree.nodes[branch].kind)) branch = tree.nodes[branch].children.front();
  std::int64_t tiles = 0;
  for (auto _ : state) {
    std::int64_t operations = 0;
    TileStream stream(tree, branch, tree.order);
    while (stream.next()) {
      ++tiles;
      for (const EinsumId einsum : tree.order) operations += stream.operations(einsum).size();
    }
    benchmark::DoNotOptimize(operations);
  }
  state.SetItemsProcessed(tiles);
}
BENCHMARK_CAPTURE(infer_tiles, resnet18_block, "resnet18_block/fused")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(infer_tiles, attention_flash, "attention_flash/fused")->Unit(benchmark::kMicrosecond);

void estimate_preset(benchmark::State& state, const char* workload) {
  const BoundTree tree = preset_tree(workload, "edge");
  for (auto _ : state) benchmark::DoNotOptimize(estimate(tree).cycles);
}
BENCHMARK_CAPTURE(estimate_preset, resnet18_block, "resnet18_block/fused")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate_preset, mobilenetv2_block, "mobilenetv2_block/fused")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(estimate_preset, attention_flash, "attention_flash/fused")->Unit(benchmark::kMillisecond);

/// Estimate, simulation and comparison, in a child: SystemC elaborates one machine a process.
bool run_in_child(const BoundTree& tree) {
  const pid_t child = fork();
  if (child == 0) {
    SimulationOptions options;
    options.fidelity = Fidelity::bandwidth;
    try {
      _exit(agrees(run_case(tree, options)) ? 0 : 1);
    } catch (...) {
      _exit(1);
    }
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void run_preset(benchmark::State& state, const char* workload) {
  const BoundTree tree = preset_tree(workload, "edge");
  for (auto _ : state) {
    if (!run_in_child(tree)) state.SkipWithError("the run failed");
  }
}
BENCHMARK_CAPTURE(run_preset, resnet18_block, "resnet18_block/fused")->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace loopsim
