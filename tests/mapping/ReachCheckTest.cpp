#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inputs/Inputs.hpp"
#include "mapping/BoundTree.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// A layer that makes `rows` rows of 16 channels, and one that reads them at `projection`.
struct TwoLayers {
  std::int64_t rows = 8;
  std::string dimensions = "[P2, M2, C2]";
  std::string projection = "[ P2, C2 ]";
  std::string instance = "{P2: 8, M2: 4, C2: 16}";
  std::string more;
};

const char* const zero_padding = "simulation: {tensors: {X: {shape: [8, 8]}}}\n";

Diagnostics reported_for(const TwoLayers& layers) {
  const std::string text = fmt::format(R"(problem:
- shape:
    name: Fc1
    dimensions: [P1, M1, C1]
    data_spaces:
    - {{name: X, projection: '[ P1, C1 ]'}}
    - {{name: W1, projection: '[ C1, M1 ]'}}
    - {{name: Y, dimensions: [Y_P, Y_C], projection: '[ P1, M1 ]', read_write: true}}
  instance: {{P1: {}, M1: 16, C1: 8}}
- shape:
    name: Fc2
    dimensions: {}
    data_spaces:
    - {{name: Y, dimensions: [Y_P, Y_C], projection: '{}'}}
    - {{name: W2, projection: '[ M2 ]'}}
    - {{name: Z, projection: '[ P2, M2 ]', read_write: true}}
  instance: {}
mapping:
  type: fused
  nodes:
  - {{type: storage, target: 0, dspace: [X, W1, W2, Z]}}
  - {{type: storage, target: 1, dspace: [X, W1, W2, Y, Z]}}
  - type: sequential
    branches:
    - - {{type: compute, einsum: Fc1, target: 2}}
    - - {{type: compute, einsum: Fc2, target: 2}}
{})",
                                       layers.rows, layers.dimensions, layers.projection, layers.instance, layers.more);
  try {
    const Inputs inputs = load_inputs_from({std::make_shared<SourceText>(SourceText{"a.yaml", text})});
    Diagnostics diagnostics;
    for (const Diagnostic& warning : inputs.warnings) diagnostics.warning(warning.where, warning.message);
    Diagnostics bound;
    try {
      bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, bound);
    } catch (const InputError&) {
      // in `bound`
    }
    diagnostics.append(bound);
    return diagnostics;
  } catch (const InputError& error) {
    return error.diagnostics;
  }
}

TEST(ReachCheck, LayersThatFitAreNotTalkedAbout) {
  EXPECT_EQ(render_all(reported_for({}).all()), "");
}

TEST(ReachCheck, ChannelsThatDoNotExistAreAnErrorAtTheirBound) {
  TwoLayers layers;
  layers.instance = "{P2: 8, M2: 4, C2: 61}";
  layers.more = zero_padding;
  const Diagnostics reported = reported_for(layers);
  ASSERT_TRUE(reported.has_errors());
  EXPECT_THAT(render_all(reported.all()),
              AllOf(HasSubstr("a.yaml:17:32: error: 'Fc2' reads 'Y' along 'Y_C' where there is nothing: 'M1' of 'Fc1', "
                              "which writes it, is 0 to 15, but 'C2' is 0 to 60, of which 16 to 60 reach no word"),
                    HasSubstr("a.yaml:9:25: note: the bounds of 'M1'")));
}

/// LoopTree takes what is read beyond for data; so do we, with a warning, until a shape says otherwise.
TEST(ReachCheck, WithoutAShapeTheyAreAWarning) {
  TwoLayers layers;
  layers.instance = "{P2: 8, M2: 4, C2: 61}";
  const Diagnostics reported = reported_for(layers);
  EXPECT_FALSE(reported.has_errors());
  const std::string said = render_all(reported.all());
  EXPECT_THAT(said, AllOf(HasSubstr("a.yaml:17:32: warning: 'Fc2' reads 'Y'"), HasSubstr("16 to 60 reach no word"),
                          HasSubstr("counts as data, as in LoopTree"), Not(HasSubstr("beyond what is written"))));
}

TEST(ReachCheck, ChannelsThatNobodyReadsAreAWarning) {
  TwoLayers layers;
  layers.instance = "{P2: 8, M2: 4, C2: 8}";
  const Diagnostics reported = reported_for(layers);
  EXPECT_FALSE(reported.has_errors());
  EXPECT_THAT(render_all(reported.all()),
              HasSubstr("a.yaml:17:32: warning: 'Fc2' reads 'Y' along 'Y_C' at 0 to 7 only, but 'M1' of 'Fc1', which "
                        "writes it, is 0 to 15: the rest is never computed"));
}

/// Heads of eight channels: 8*h + d counts channels, it is no window.
TEST(ReachCheck, GroupsOfChannelsAreChannels) {
  TwoLayers layers;
  layers.dimensions = "[P2, M2, H2, D2]";
  layers.projection = "[ P2, 8*H2 + D2 ]";
  layers.instance = "{P2: 8, M2: 4, H2: 2, D2: 8}";
  EXPECT_EQ(render_all(reported_for(layers).all()), "");
  layers.instance = "{P2: 8, M2: 4, H2: 4, D2: 8}";
  layers.more = zero_padding;
  const Diagnostics reported = reported_for(layers);
  // It could be a window as well, so this is no error.
  EXPECT_FALSE(reported.has_errors());
  EXPECT_THAT(render_all(reported.all()), HasSubstr("'H2' is 0 to 3, of which 2 to 3 reach no word"));
}

/// A window may hang over the edge (padding), and a pooling window of the last odd row too.
TEST(ReachCheck, WindowsMayHangOver) {
  TwoLayers layers;
  layers.dimensions = "[P2, M2, C2, R2]";
  layers.projection = "[ P2 + R2 - 1, C2 ]";
  layers.instance = "{P2: 8, M2: 4, C2: 16, R2: 3}";
  layers.more = zero_padding;
  EXPECT_EQ(render_all(reported_for(layers).all()), "");
  layers.projection = "[ 2*P2 + R2, C2 ]";
  layers.instance = "{P2: 4, M2: 4, C2: 16, R2: 2}";
  layers.rows = 7;
  layers.more = "simulation: {tensors: {X: {shape: [7, 8]}}}\n";
  EXPECT_EQ(render_all(reported_for(layers).all()), "");
}

/// Windows that lie in the padding whole may be meant, rows that are left over by a stride are.
TEST(ReachCheck, WholeWindowsOfPaddingAreAWarning) {
  TwoLayers layers;
  layers.dimensions = "[P2, M2, C2, R2]";
  layers.projection = "[ P2 + R2 - 1, C2 ]";
  layers.instance = "{P2: 16, M2: 4, C2: 16, R2: 3}";
  layers.more = zero_padding;
  const Diagnostics reported = reported_for(layers);
  EXPECT_FALSE(reported.has_errors());
  EXPECT_THAT(render_all(reported.all()),
              HasSubstr("'P2' is 0 to 15, of which 9 to 15 reach no word; their windows are "
                        "padding alone"));
  layers.projection = "[ 2*P2 + R2, C2 ]";
  layers.instance = "{P2: 3, M2: 4, C2: 16, R2: 3}";
  EXPECT_EQ(render_all(reported_for(layers).all()), "");
  layers.instance = "{P2: 2, M2: 4, C2: 16, R2: 3}";
  EXPECT_THAT(render_all(reported_for(layers).all()), HasSubstr("at 0 to 4 only"));
}

TEST(ReachCheck, AShapeHasTheChannelsThatAreRead) {
  TwoLayers layers;
  layers.more = "simulation: {tensors: {X: {shape: [8, 4]}}}\n";
  const Diagnostics reported = reported_for(layers);
  ASSERT_TRUE(reported.has_errors());
  EXPECT_THAT(
      render_all(reported.all()),
      AllOf(HasSubstr("a.yaml:27:35: error: 'Fc1' reads 'X' along dimension 1 where there is nothing: its shape "
                      "has 4 (0 to 3), but 'C1' is 0 to 7, of which 4 to 7 reach no word"),
            HasSubstr("note: the bounds of 'C1'; a shape gives the extents of [X_0, X_1]")));
  layers.more = "simulation: {tensors: {X: {shape: [8, 32]}}}\n";
  EXPECT_THAT(render_all(reported_for(layers).all()), AllOf(HasSubstr("warning: "), HasSubstr("at 0 to 7 only"),
                                                            HasSubstr("never moved"), Not(HasSubstr("error"))));
}

TEST(ReachCheck, AShapeOfWhatIsWrittenDoesNotChangeIt) {
  TwoLayers layers;
  layers.more = "simulation: {tensors: {Y: {shape: [8, 16]}}}\n";
  EXPECT_EQ(render_all(reported_for(layers).all()), "");
  layers.more = "simulation: {tensors: {Y: {shape: [8, 61]}}}\n";
  EXPECT_THAT(render_all(reported_for(layers).all()), HasSubstr("'Fc1' writes 'Y' with extents [8, 16]"));
}

}  // namespace
}  // namespace loopsim
