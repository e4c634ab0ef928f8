#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ParseText.hpp"
#include "workloads/WorkloadLoader.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

const char* const two_convolutions = R"(
- shape:
    name: Conv1
    dimensions: [P1, R1]
    data-spaces:
    - {name: In, dimensions: [In_P], projection: '[ 2*P1 + R1 - 1 ]'}
    - {name: W1, dimensions: [W1_R], projection: '[ R1 ]'}
    - {name: Mid, dimensions: [Mid_P], projection: '[ P1 ]', read_write: True}
  instance: 0 <= P1 < 10 and
    0 <= R1 < 3
- shape:
    name: Conv2
    dimensions: [P2, R2]
    data_spaces:
    - {name: Out, projection: [P2], read_write: true}
    - {name: Mid, dimensions: [Mid_P], projection: ['P2 + R2']}
    - {name: W2, dimensions: [W2_R], projection: '[ R2 ]'}
    instance: {P2: 4*2, R2: 3}
)";

EinsumGraph load(const std::string& text, Diagnostics& diagnostics) {
  return load_workload(*parse_text(text, diagnostics), diagnostics);
}

TEST(WorkloadLoader, ReadsAChain) {
  Diagnostics diagnostics;
  const EinsumGraph graph = load(two_convolutions, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << messages(diagnostics);
  ASSERT_EQ(graph.einsums.size(), 2U);
  ASSERT_EQ(graph.tensors.size(), 5U);
  const Einsum& first = graph.einsums[EinsumId(0)];
  EXPECT_EQ(first.name, "Conv1");
  EXPECT_EQ(first.inputs.size(), 2U);
  const AffineExpression& window = first.inputs[0].projection[0];
  ASSERT_EQ(window.terms.size(), 2U);
  EXPECT_EQ(window.terms[0].coefficient, 2);
  EXPECT_EQ(window.constant, -1);
  EXPECT_EQ(operation_space_size(graph, EinsumId(0)), 30);
  EXPECT_EQ(operation_space_size(graph, EinsumId(1)), 24);
  const Tensor& middle = graph.tensors[first.output.tensor];
  EXPECT_EQ(middle.name, "Mid");
  EXPECT_TRUE(is_intermediate(middle));
  EXPECT_EQ(middle.readers, (std::vector<EinsumId>{EinsumId(1)}));
  EXPECT_EQ(graph.ranks[RankId(2)].name, "P2");
  EXPECT_EQ(graph.ranks[RankId(2)].einsum, EinsumId(1));
}

/// One einsum with what is to be tried put in.
std::string einsum(const std::string& in, const std::string& out, const std::string& instance,
                   const std::string& dimensions = "[P, Q]") {
  return "- shape:\n    name: E\n    dimensions: " + dimensions + "\n    data_spaces:\n    - {name: A, projection: '" +
         in + "'}\n    - {name: B, projection: '" + out + "', read_write: True}\n  instance: " + instance + "\n";
}

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  load(text, diagnostics);
  return messages(diagnostics);
}

TEST(WorkloadLoader, RefusesWhatCannotBe) {
  const std::string good = "0 <= P < 4 and 0 <= Q < 4";
  EXPECT_EQ(errors_of(einsum("[P + Q]", "[P]", good)), "");
  EXPECT_THAT(errors_of(einsum("[P + X]", "[P]", good)),
              HasSubstr("test.yaml:5:35: 'X' is no dimension of einsum 'E'"));
  EXPECT_THAT(errors_of(einsum("[P*Q]", "[P]", good)), HasSubstr("not affine"));
  EXPECT_THAT(errors_of(einsum("[P]", "[2*P]", good)), HasSubstr("each dimension of an output must be one"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P, P]", good)), HasSubstr("each dimension of an output must be one"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P + Q]", good)), HasSubstr("each dimension of an output must be one"));
  EXPECT_EQ(errors_of(einsum("[P]", "[P + 1]", good)), "");
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "0 <= P < 4")), HasSubstr("no bounds of dimension 'Q'"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "0 <= P < 4 and Q < 3")), HasSubstr("no lower bound of dimension 'Q'"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "0 <= P < 4 and 0 <= Q < 0")), HasSubstr("dimension 'Q' is empty"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "{P: 4, Q: -1}")), HasSubstr("expected a positive integer, got '-1'"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "{P: 4, QQ: 1}")),
              HasSubstr("'QQ' is no dimension of einsum 'E'; expected one of: P, Q"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", good, "[P, P]")), HasSubstr("dimension 'P' is listed twice"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", good, "[P, 2Q]")), HasSubstr("'2Q' cannot name a dimension"));
  EXPECT_THAT(errors_of(einsum("[P]", "[P]", "0 <= P < 4294967296 and 0 <= Q < 4294967296")),
              HasSubstr("more than 2^63 - 1 operations"));
  EXPECT_THAT(errors_of(einsum("[9223372036854775807*P]", "[P]", good)), HasSubstr("more than 2^63 - 1 words"));
  EXPECT_THAT(errors_of("- {shape: 3}"), HasSubstr("a shape: expected a map, got '3'"));
  EXPECT_THAT(errors_of("[]"), HasSubstr("at least one einsum"));
}

TEST(WorkloadLoader, ReportsAllErrorsAtOnce) {
  const std::string text = errors_of(einsum("[P + X]", "[2*P]", "0 <= P < 4 and 0 <= Q < 0"));
  EXPECT_THAT(text, HasSubstr("'X' is no dimension"));
  EXPECT_THAT(text, HasSubstr("is empty"));
  EXPECT_THAT(text, HasSubstr("output of einsum"));
}

std::string chain(const std::string& name, const std::string& rank, const std::string& from, const std::string& to) {
  return "- shape:\n    name: " + name + "\n    dimensions: [" + rank + "]\n    data_spaces:\n    - {name: " + from +
         ", projection: '[" + rank + "]'}\n    - {name: " + to + ", projection: '[" + rank +
         "]', read_write: True}\n  instance: {" + rank + ": 4}\n";
}

TEST(WorkloadLoader, RefusesBadGraphs) {
  EXPECT_THAT(errors_of(chain("E1", "P1", "A", "B") + chain("E2", "P2", "B", "A")),
              HasSubstr("the einsums form a cycle: E1 -> E2 -> E1"));
  EXPECT_THAT(errors_of(chain("E1", "P1", "A", "B") + chain("E2", "P2", "A", "B")),
              HasSubstr("tensor 'B' is written by two einsums, 'E1' and 'E2'"));
  EXPECT_THAT(errors_of(chain("E1", "P", "A", "B") + chain("E2", "P", "B", "C")),
              HasSubstr("dimension 'P' of einsum 'E2' is a dimension of einsum 'E1' too"));
  EXPECT_THAT(errors_of(chain("E", "P1", "A", "B") + chain("E", "P2", "B", "C")),
              HasSubstr("there are two einsums 'E'"));
  EXPECT_THAT(errors_of(chain("E", "P", "A", "A")), HasSubstr("lists tensor 'A' twice"));
  EXPECT_THAT(errors_of(chain("E1", "P1", "A", "B") + chain("E2", "P2", "A", "C, dimensions: [x, y]")),
              HasSubstr("tensor 'C' has 2 dimensions here, but its projection"));
  EXPECT_THAT(errors_of(chain("E1", "P1", "A", "B") + chain("E2", "P2, Q2", "B", "C")),
              HasSubstr("tensor 'B' has 2 dimensions in einsum 'E2', but 1"));
  EXPECT_THAT(errors_of(chain("a/b", "P", "A", "B")), HasSubstr("may not contain"));
}

TEST(WorkloadLoader, NeedsExactlyOneOutput) {
  const std::string head = "- shape:\n    name: E\n    dimensions: [P]\n    data_spaces:\n";
  const std::string tail = "  instance: {P: 3}\n";
  EXPECT_THAT(errors_of(head + "    - {name: A, projection: '[P]'}\n" + tail), HasSubstr("has no output"));
  EXPECT_THAT(errors_of(head + "    - {name: A, projection: '[P]', read_write: True}\n" + tail),
              HasSubstr("reads no tensor"));
  EXPECT_THAT(errors_of(head +
                        "    - {name: A, projection: '[P]'}\n    - {name: B, projection: '[P]', read_write: True}\n"
                        "    - {name: C, projection: '[P]', read_write: True}\n" +
                        tail),
              HasSubstr("has two outputs, 'B' and 'C'"));
}

}  // namespace
}  // namespace loopsim
