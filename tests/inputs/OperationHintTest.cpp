#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/OperationHint.hpp"
#include "inputs/settings/SimulationReader.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string errors_of_operation(const std::string& word) {
  Diagnostics diagnostics;
  read_simulation(*parse_text("einsums: {E: {operation: " + word + "}}", diagnostics), diagnostics);
  return messages(diagnostics);
}

/// GELU is spelt like ReLU and is not one.
TEST(OperationHint, AnotherOperationIsNoMisspelling) {
  for (const char* word : {"gelu", "GELU", "silu", "softmax", "sqrt", "layer-norm", "min"}) {
    EXPECT_THAT(errors_of_operation(word), AllOf(HasSubstr("there are mac, add"), Not(HasSubstr("did you mean"))))
        << word;
  }
  EXPECT_THAT(errors_of_operation("softmax"), HasSubstr("five einsums"));
  EXPECT_THAT(errors_of_operation("rellu"), HasSubstr("did you mean 'relu'?"));
  EXPECT_EQ(operation_hint(""), "");
  EXPECT_EQ(operation_hint("gelu silu"), "");
}

}  // namespace
}  // namespace loopsim
