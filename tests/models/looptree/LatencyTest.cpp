#include <gtest/gtest.h>

#include "models/looptree/Latency.hpp"
#include "tests/models/looptree/TextTree.hpp"

namespace loopsim {
namespace {

/// `count` elementwise einsums in a chain, F0 to F<count>; einsum e has the rank Pe.
std::string chain(int count, const std::string& nodes) {
  std::string text = "problem:\n";
  for (int e = 1; e <= count; ++e) {
    const std::string n = std::to_string(e);
    const std::string in = "F" + std::to_string(e - 1);
    text += "- shape:\n    name: E" + n + "\n    dimensions: [P" + n + "]\n    data_spaces:\n" + "    - {name: " + in +
            ", dimensions: [" + in + "_P], projection: '[ P" + n + " ]'}\n" + "    - {name: F" + n +
            ", dimensions: [F" + n + "_P], projection: '[ P" + n + " ]', read_write: true}\n" + "  instance: 0 <= P" +
            n + " < 12\n";
  }
  text += "mapping:\n  type: fused\n  nodes:\n  - {type: storage, target: 0, dspace: [F0, F" + std::to_string(count) +
          "]}\n" + nodes;
  return text;
}

std::string compute(int e) {
  return "{type: compute, einsum: E" + std::to_string(e) + ", target: 2}";
}

/// Timelines of one index of time above a branch: `steps[e][t]`.
IdVector<EinsumId, EinsumTimeline> timelines(const BoundTree& tree,
                                             const std::vector<std::vector<std::int64_t>>& steps) {
  IdVector<EinsumId, EinsumTimeline> result;
  for (std::size_t e = 0; e < steps.size(); ++e) {
    EinsumTimeline timeline;
    timeline.nodes = indices_above(tree, tree.compute_node[EinsumId(e)]);
    for (std::size_t t = 0; t < steps[e].size(); ++t) {
      timeline.times.insert(timeline.times.end(), {static_cast<Coordinate>(t), static_cast<Coordinate>(e)});
      timeline.steps.push_back(steps[e][t]);
    }
    result.push_back(std::move(timeline));
  }
  return result;
}

BoundTree stages(int count, const std::string& kind) {
  std::string nodes = "  - {type: temporal, rank: P" + std::to_string(count) + ", tile_shape: 4}\n";
  nodes += "  - {type: storage, target: 1, dspace: [F1";
  for (int e = 2; e < count; ++e) nodes += ", F" + std::to_string(e);
  nodes += "]}\n  - type: " + kind + "\n    branches:\n";
  for (int e = 1; e <= count; ++e) nodes += "    - [" + compute(e) + "]\n";
  return tree_of_text(chain(count, nodes));
}

TEST(Latency, SequentialBranchesAdd) {
  const BoundTree tree = stages(2, "sequential");
  const Latency time = latency(tree, timelines(tree, {{5, 3, 4}, {2, 6, 1}}));
  EXPECT_EQ(time.sequential, 21);
  EXPECT_EQ(time.pipelined, 21);
  EXPECT_EQ(time.unlimited, 21);
}

TEST(Latency, TwoStagesOverlapExactly) {
  const BoundTree tree = stages(2, "pipeline");
  // Fill 5, then max(2, 3), max(6, 4), drain 1.
  const Latency time = latency(tree, timelines(tree, {{5, 3, 4}, {2, 6, 1}}));
  EXPECT_EQ(time.sequential, 21);
  EXPECT_EQ(time.pipelined, 5 + 3 + 6 + 1);
  EXPECT_EQ(time.unlimited, 5 + 3 + 6 + 1);
}

TEST(Latency, ThreeStagesHideTheLeastOfTheSlotsThatFollow) {
  const BoundTree tree = stages(3, "pipeline");
  const Latency time = latency(tree, timelines(tree, {{9, 3, 9, 3}, {5, 2, 5, 2}, {2, 2, 2, 2}}));
  // hidden: min(5+2, 2+3, 3+2) = 5, min(2+2, 2+9, 9+5) = 4, as the first = 5.
  EXPECT_EQ(time.pipelined, time.sequential - 14);
  // Stage 1 ends at 9, 12, 21, 24; stage 2 at 14, 16, 26, 28; stage 3 at 16, 18, 28, 30.
  EXPECT_EQ(time.unlimited, 30);
}

TEST(Latency, ATileWithoutWorkTakesNoTime) {
  const BoundTree tree = stages(2, "pipeline");
  auto lines = timelines(tree, {{5, 3, 4}, {2, 6, 1}});
  lines[EinsumId(0)].times = {0, 0, 2, 0};  // nothing to do in the second tile
  lines[EinsumId(0)].steps = {5, 4};
  const Latency time = latency(tree, lines);
  EXPECT_EQ(time.sequential, 18);
  EXPECT_EQ(time.pipelined, 18 - 0 - 4);
}

TEST(Latency, APipelineInsideASequenceDrainsEachTime) {
  const std::string nodes =
      "  - {type: temporal, rank: P3, tile_shape: 6}\n"
      "  - {type: storage, target: 1, dspace: [F1, F2]}\n"
      "  - type: sequential\n    branches:\n"
      "    - - {type: temporal, rank: P2, tile_shape: 2}\n"
      "      - type: pipeline\n        branches:\n        - [" +
      compute(1) + "]\n        - [" + compute(2) +
      "]\n"
      "    - [" +
      compute(3) + "]\n";
  const BoundTree tree = tree_of_text(chain(3, nodes));
  IdVector<EinsumId, EinsumTimeline> lines;
  for (int e = 0; e < 2; ++e) {
    EinsumTimeline line;
    line.nodes = indices_above(tree, tree.compute_node[EinsumId(e)]);
    for (Coordinate outer = 0; outer < 2; ++outer) {
      for (Coordinate inner = 0; inner < 3; ++inner) {
        line.times.insert(line.times.end(), {outer, 0, inner, e});
        line.steps.push_back(10);
      }
    }
    lines.push_back(line);
  }
  EinsumTimeline last;
  last.nodes = indices_above(tree, tree.compute_node[EinsumId(2)]);
  last.times = {0, 1, 1, 1};
  last.steps = {7, 7};
  lines.push_back(last);
  const Latency time = latency(tree, lines);
  EXPECT_EQ(time.sequential, 2 * (60 + 7));
  EXPECT_EQ(time.pipelined, 2 * (40 + 7));
  EXPECT_EQ(time.unlimited, 2 * (40 + 7));
}

}  // namespace
}  // namespace loopsim
