#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "sim/machine/Simulate.hpp"

namespace loopsim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string said_of(const std::string& text, Fidelity fidelity) {
  const Inputs inputs = load_inputs_from({std::make_shared<SourceText>(SourceText{"a.yaml", text})});
  Diagnostics diagnostics;
  const BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  check_fit(tree, fidelity, diagnostics);
  return render_all(diagnostics.all());
}

/// A product of 8 x 8 x 8 with these loops, on a mesh.
std::string product(const std::string& loops, const std::string& mesh) {
  return fmt::format(R"(problem:
- shape:
    name: G
    dimensions: [M, N, K]
    data_spaces:
    - {{name: A, projection: '[ M, K ]'}}
    - {{name: B, projection: '[ K, N ]'}}
    - {{name: Z, projection: '[ M, N ]', read_write: true}}
  instance: {{M: 8, N: 8, K: 8}}
mapping:
  type: fused
  nodes:
  - {{type: storage, target: 0, dspace: [A, B, Z]}}
  - {{type: storage, target: 1, dspace: [A, B, Z]}}
{}  - {{type: compute, einsum: G, target: MACs}}
simulation: {{pe: {{mesh: {}}}}}
)",
                     loops, mesh);
}

TEST(MeshCheck, AStepHasNoMoreOperationsThanThereArePes) {
  const std::string rows = "  - {type: temporal, rank: M, tile_shape: 1}\n";
  const std::string columns = "  - {type: spatial, rank: N, tile_shape: 1}\n";
  const std::string all = rows + columns + "  - {type: temporal, rank: K, tile_shape: 1}\n";
  EXPECT_EQ(said_of(product(all, "[8, 1]"), Fidelity::bandwidth), "");
  const std::string forgotten = product(rows + columns, "[8, 1]");
  EXPECT_THAT(said_of(forgotten, Fidelity::bandwidth),
              AllOf(HasSubstr("a.yaml:17:5: error: a step of 'G' has 64 operations, the mesh 8 PEs (8 x 1)"),
                    HasSubstr("leave 8 of 'K' to one step")));
  // The mesh of the rung `ideal` has no end, nor has one that is not stated.
  for (const std::string& said :
       {said_of(forgotten, Fidelity::ideal), said_of(product(rows + columns, "[inf, inf]"), Fidelity::bandwidth)}) {
    EXPECT_THAT(said,
                AllOf(HasSubstr("a.yaml:17:5: warning: a step of 'G' has 64 operations, of which its spatial loops "
                                "unroll 8"),
                      Not(HasSubstr("error"))));
  }
}

TEST(MeshCheck, TheLargestLoopOfTheEinsumIsBlamed) {
  const std::string loops =
      "  - {type: spatial, rank: M, tile_shape: 4, spatial: 0}\n"
      "  - {type: spatial, rank: N, tile_shape: 1, spatial: 0}\n"
      "  - {type: temporal, rank: M, tile_shape: 1}\n"
      "  - {type: temporal, rank: K, tile_shape: 1}\n";
  EXPECT_THAT(
      said_of(product(loops, "[8, 8]"), Fidelity::bandwidth),
      AllOf(HasSubstr("a.yaml:16:5: error: the spatial loops of einsum 'G' need 16 columns of PEs, the mesh has 8 x "
                      "8"),
            HasSubstr("this one over 'N' is the largest of them")));
}

/// A pipeline of two stages of many layers.
TEST(MeshCheck, StagesOfManyEinsumsAreNotListedWhole) {
  constexpr int layers = 24;
  std::string problem = "problem:\n";
  std::string tensors;
  std::string branches[2];
  for (int i = 0; i < layers; ++i) {
    problem += fmt::format(R"(- shape:
    name: Layer{0}
    dimensions: [P{0}, M{0}]
    data_spaces:
    - {{name: T{0}, projection: '[ P{0}, M{0} ]'}}
    - {{name: T{1}, projection: '[ P{0}, M{0} ]', read_write: true}}
  instance: {{P{0}: 4, M{0}: 8}}
)",
                           i, i + 1);
    tensors += fmt::format("{}T{}", i == 0 ? "" : ", ", i);
    branches[i * 2 / layers] += fmt::format(
        "        - - {{type: temporal, rank: P{0}, tile_shape: 1}}\n"
        "          - {{type: spatial, rank: M{0}, tile_shape: 1}}\n"
        "          - {{type: compute, einsum: Layer{0}, target: 2}}\n",
        i);
  }
  const std::string text =
      problem + fmt::format(R"(mapping:
  type: fused
  nodes:
  - {{type: storage, target: 0, dspace: [T0, T{}]}}
  - {{type: storage, target: 1, dspace: [{}]}}
  - type: pipeline
    branches:
    - - type: sequential
        branches:
{}    - - type: sequential
        branches:
{}simulation: {{pe: {{mesh: [8, 8]}}}}
)",
                            layers, tensors + fmt::format(", T{}", layers), branches[0], branches[1]);
  EXPECT_THAT(said_of(text, Fidelity::bandwidth),
              AllOf(HasSubstr("need 16 columns x 1 rows of PEs side by side"),
                    HasSubstr("Layer0+Layer1+Layer2+… (12 einsums) 8x1, Layer12+Layer13+Layer14+… (12 einsums) 8x1"),
                    Not(HasSubstr("Layer3"))));
}

}  // namespace
}  // namespace loopsim
