#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/TestPaths.hpp"
#include "tests/cli/RunProgram.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

/// A file of tests/bad_input, how `check` ends on it and what it says.
struct BadInput {
  const char* file;
  int exit_code;
  const char* message;
};

const BadInput bad_inputs[] = {
    {"good.yaml", 0, R"()"},
    {"good_machine.yaml", 0, R"()"},
    {"empty.yaml", 65, R"(the file is empty)"},
    {"only_comments.yaml", 65, R"(the file is empty)"},
    {"truncated.yaml", 65, R"(is the file cut off?)"},
    {"truncated_mapping.yaml", 65, R"(the list ends in a storage node)"},
    {"tabs.yaml", 65, R"(a tab in the indentation)"},
    {"binary.yaml", 65, R"(not a text in UTF-8)"},
    {"deep.yaml", 65, R"(nested more than)"},
    {"alias_bomb.yaml", 65, R"(the mapping has more than)"},
    {"self_alias.yaml", 65, R"(within the very node it refers to)"},
    {"two_documents.yaml", 65, R"(a second document begins here)"},
    {"list_at_top.yaml", 65, R"(expected a map with keys such as)"},
    {"duplicate_key.yaml", 65, R"(key 'mapping' is given twice; first at)"},
    {"duplicate_inner_key.yaml", 65, R"(key 'name' is given twice)"},
    {"misspelt_top_key.yaml", 65, R"(did you mean 'mapping'?)"},
    {"misspelt_key.yaml", 65, R"(did you mean 'tile_shape'?)"},
    {"misspelt_node.yaml", 65, R"(unknown node type 'temproal'; did you mean 'temporal'?)"},
    {"misspelt_setting.yaml", 65, R"(did you mean 'prefetch'?)"},
    {"misspelt_attribute.yaml", 65, R"(unknown attribute 'dept'; did you mean 'depth'?)"},
    {"wrong_type.yaml", 65, R"(width: expected an integer from 1 to 1000000000 (bits), got '2x56')"},
    {"wrong_type_list.yaml", 65, R"(tile_shape: expected a positive integer, got a list)"},
    {"wrong_type_map.yaml", 65, R"(simulation.levels: expected a map)"},
    {"wrong_type_problem.yaml", 65, R"(problem: expected a list, got '3')"},
    {"wrong_type_boolean.yaml", 65, R"(expected true or false, got 'perhaps')"},
    {"unknown_rank.yaml", 65, R"('P9')"},
    {"unknown_rank_in_projection.yaml", 65, R"('P8' is no dimension of einsum 'Fc1')"},
    {"unknown_rank_in_bounds.yaml", 65, R"('C9' is no dimension of einsum 'Fc1')"},
    {"unknown_tensor.yaml", 65, R"(unknown tensor 'Filtr2')"},
    {"unknown_tensor_setting.yaml", 65, R"(unknown tensor 'Fmap9')"},
    {"unknown_einsum.yaml", 65, R"(unknown einsum 'Fc7')"},
    {"unknown_level.yaml", 65, R"(GlobalBufer)"},
    {"unknown_level_number.yaml", 65, R"(7)"},
    {"unknown_level_setting.yaml", 65, R"(unknown level 'Globalbufer'; did you mean 'GlobalBuffer'?)"},
    {"branch_without_compute.yaml", 65, R"(the list ends in a temporal node)"},
    {"empty_branch.yaml", 65, R"(a branch has no nodes)"},
    {"einsum_not_mapped.yaml", 65, R"(Fc1)"},
    {"node_after_compute.yaml", 65, R"(nothing may follow a sequential node)"},
    {"zero_tile.yaml", 65, R"(tile_shape: expected a positive integer, got '0')"},
    {"negative_tile.yaml", 65, R"(tile_shape: expected a positive integer, got '-2')"},
    {"fractional_tile.yaml", 65, R"(tile_shape: expected a positive integer, got '1.5')"},
    {"tile_and_factor.yaml", 65, R"(not both)"},
    {"zero_bound.yaml", 65, R"(dimension 'C1' is empty)"},
    {"negative_bound.yaml", 65, R"(dimension 'C1' is empty)"},
    {"missing_bound.yaml", 65, R"(instance gives no bounds of dimension 'C1')"},
    {"coupled_bounds.yaml", 65, R"(bounds cannot relate two ranks)"},
    {"cycle.yaml", 65, R"(the einsums form a cycle: Fc1 -> Fc2 -> Fc1)"},
    {"two_writers.yaml", 65, R"(tensor 'Fmap2' is written by two einsums, 'Fc1' and 'Fc2')"},
    {"no_output.yaml", 65, R"(einsum 'Fc1' has no output)"},
    {"two_outputs.yaml", 65, R"(has two outputs, 'Filter1' and 'Fmap2')"},
    {"dimension_mismatch.yaml", 65, R"(tensor 'Fmap2' has 1 dimensions in einsum 'Fc2', but 2)"},
    {"rank_of_two_einsums.yaml", 65, R"(dimension 'P1' of einsum 'Fc2' is a dimension of einsum 'Fc1' too)"},
    {"output_not_a_permutation.yaml", 65, R"(each dimension of an output must be one)"},
    {"quadratic_projection.yaml", 65, R"('C1' times 'P1' is not affine)"},
    {"huge_bound.yaml", 65, R"(exceeds 2^63 - 1)"},
    {"huge_workload.yaml", 65, R"(more than 2^63 - 1 operations)"},
    {"huge_tensor.yaml", 65, R"(tensor 'Fmap1' has more than 2^63 - 1 words)"},
    {"huge_buffer.yaml", 65, R"(exceeds 2^63 - 1)"},
    {"division_by_zero.yaml", 65, R"(division by zero)"},
    {"jinja_expression.yaml", 65, R"(this is a Jinja template)"},
    {"jinja_loop.yaml", 65, R"(this is a Jinja template)"},
    {"timeloop_single_layer.yaml", 65, R"(Timeloop's single-layer dialect)"},
    {"accelforge.yaml", 65, R"(AccelForge's dialect)"},
    {"timeloop_v3_architecture.yaml", 65, R"(Timeloop v3 or older)"},
    {"architecture_without_compute.yaml", 65, R"(must compute)"},
    {"unknown_class.yaml", 65, R"(class 'abacus')"},
    {"missing_mapping.yaml", 65, R"(no input gives a mapping (top-level key 'mapping'))"},
    {"missing_problem.yaml", 65, R"(no input gives a workload (top-level key 'problem'))"},
    {"mapping_of_other_type.yaml", 65, R"(expected 'fused')"},
    {"operation_that_reduces.yaml", 65, R"(only mac and max reduce)"},
    {"bindings_to_nothing.yaml", 65, R"(the architecture has no component 'DRAM')"},
    {"energy_not_finite.yaml", 65, R"(energy: expected a number from 0 to 1e+15 (pJ))"},
    {"name_with_separator.yaml", 65, R"(may not contain '/', '+' or ',')"},
    {"misspelt_instance.yaml", 65, R"(unknown key 'instence' in an entry of problem; did you mean 'instance'?)"},
    {"does_not_fit.yaml", 65, R"(the mapping does not fit 'GlobalBuffer')"},
};

std::filesystem::path folder() {
  return source_folder() / "tests/bad_input";
}

class BadInputTest : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputTest, IsRefusedWithAReason) {
  const auto outcome = run_program({"check", (folder() / GetParam().file).string()});
  EXPECT_EQ(outcome.exit_code, GetParam().exit_code) << outcome.errors;
  EXPECT_THAT(outcome.errors, HasSubstr(GetParam().message));
  if (GetParam().exit_code == 0) {
    EXPECT_THAT(outcome.output, HasSubstr("good"));
  } else {
    EXPECT_EQ(outcome.output, "");
    EXPECT_THAT(outcome.errors, HasSubstr("error: "));
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, BadInputTest, ::testing::ValuesIn(bad_inputs),
                         [](const auto& tried) { return std::filesystem::path(tried.param.file).stem().string(); });

/// Errors, and warnings and notes apart.
std::size_t count_errors(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("error: "); at != std::string::npos; at = text.find("error: ", at + 1)) ++count;
  return count;
}

TEST(BadInput, AMisspellingIsOneError) {
  for (const char* file : {"misspelt_top_key.yaml", "misspelt_key.yaml", "misspelt_node.yaml", "misspelt_setting.yaml",
                           "misspelt_attribute.yaml", "misspelt_instance.yaml"}) {
    const auto outcome = run_program({"check", (folder() / file).string()});
    EXPECT_EQ(count_errors(outcome.errors), 1U) << outcome.errors;
  }
}

TEST(BadInput, WhatDoesNotFitIsRefusedByRunToo) {
  const std::string file = (folder() / "does_not_fit.yaml").string();
  for (const char* command : {"check", "run"}) {
    const auto outcome = run_program({command, file});
    EXPECT_EQ(outcome.exit_code, 65) << command;
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(count_errors(outcome.errors), 1U) << outcome.errors;
    EXPECT_THAT(outcome.errors, HasSubstr("does not fit 'GlobalBuffer': it needs 48 words at once, there are 40\n"));
    EXPECT_THAT(outcome.errors, HasSubstr("note: held at once, in words: Filter1 16, Filter2 16, "));
    EXPECT_THAT(outcome.errors, HasSubstr("a smaller tile of this loop over 'P2' helps most (tile_shape 1, not 2)"));
  }
  const auto estimated = run_program({"estimate", file});
  EXPECT_EQ(estimated.exit_code, 0) << estimated.errors;
  EXPECT_EQ(count_errors(estimated.errors), 0U);
  EXPECT_THAT(estimated.errors, HasSubstr("warning: the mapping does not fit 'GlobalBuffer'"));
  EXPECT_THAT(estimated.output, HasSubstr("\n1 warning: "));
}

/// The advice is true: what it proposes fits, and what is too large whatever the tile gets no such advice.
TEST(BadInput, TheAdviceForWhatDoesNotFitHelps) {
  const std::string file = (folder() / "does_not_fit.yaml").string();
  EXPECT_EQ(run_program({"check", file, "--set", "mapping.nodes.2.tile_shape=1"}).exit_code, 0);
  const auto hopeless = run_program({"check", file, "--set", "simulation.levels.GlobalBuffer.size=8*20"});
  EXPECT_THAT(hopeless.errors,
              HasSubstr("no loop lies above the storage of 'Filter1' and 'Filter2', which takes 32 words"));
}

TEST(BadInput, EveryFileIsTried) {
  std::set<std::string> tried;
  for (const BadInput& input : bad_inputs) tried.insert(input.file);
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    EXPECT_EQ(tried.count(entry.path().filename().string()), 1U) << entry.path();
  }
}

}  // namespace
}  // namespace loopsim
