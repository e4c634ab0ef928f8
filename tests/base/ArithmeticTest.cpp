#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/Arithmetic.hpp"

namespace loopsim {
namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  const auto result = evaluate_arithmetic(text);
  const auto* number = std::get_if<Number>(&result);
  if (number == nullptr || !number->is_integer()) return std::nullopt;
  return number->integer();
}

std::string error(std::string_view text) {
  const auto result = evaluate_arithmetic(text);
  const auto* found = std::get_if<ArithmeticError>(&result);
  return found == nullptr ? "" : found->message;
}

TEST(Arithmetic, Integers) {
  EXPECT_EQ(integer("16*1024"), 16384);
  EXPECT_EQ(integer("(3 + 1) / 2"), 2);
  EXPECT_EQ(integer("2**20 - 1"), 1048575);
  EXPECT_EQ(integer("2**3**2"), 512);
  EXPECT_EQ(integer("-2**2"), -4);
  EXPECT_EQ(integer("7 / 2 * 2"), 7);
  EXPECT_EQ(integer("1e9"), 1000000000);
  EXPECT_EQ(integer("0.5 * 8"), 4);
  EXPECT_EQ(integer("9223372036854775807"), 9223372036854775807);
  EXPECT_EQ(integer("1**999999999999"), 1);
  EXPECT_EQ(integer("(-1)**999999999999"), -1);
  EXPECT_EQ(integer("7/2"), std::nullopt);
}

TEST(Arithmetic, WholeNumbersBeyondADoubleAreExactOrNone) {
  EXPECT_EQ(integer("9007199254740993"), 9007199254740993);
  EXPECT_EQ(integer("9.007199254740993e15"), 9007199254740993);
  EXPECT_EQ(integer("9223372036854775807.0"), 9223372036854775807);
  EXPECT_EQ(integer("1e18"), 1000000000000000000);
  EXPECT_EQ(integer("12.5e-1*8"), 10);
  EXPECT_EQ(integer("0e99"), 0);
  // Their doubles are whole, they are not.
  EXPECT_EQ(integer("9007199254740993/2"), std::nullopt);
  EXPECT_EQ(integer("9007199254740993.5"), std::nullopt);
  // Not known exactly.
  EXPECT_EQ(integer("0.1 * 90071992547409930"), std::nullopt);
}

TEST(Arithmetic, ScalingIsExactWhereItIsWhole) {
  const auto scaled_integer = [](std::int64_t n, std::int64_t up, std::int64_t down) {
    const auto result = scaled(Number{n}, up, down);
    return result && result->is_integer() ? std::optional(result->integer()) : std::nullopt;
  };
  EXPECT_EQ(scaled_integer(3, 8192, 1), 24576);
  EXPECT_EQ(scaled_integer(9007199254740993, 1000, 1000), 9007199254740993);
  EXPECT_EQ(scaled_integer(1, 1, 1000), std::nullopt);
  EXPECT_DOUBLE_EQ(scaled(Number{std::int64_t{1}}, 1, 1000)->real(), 0.001);
  EXPECT_EQ(scaled(Number{std::int64_t{1} << 60}, 1000, 1), std::nullopt);
  EXPECT_EQ(scaled(Number{1.5}, 1'000'000'000, 1)->integer(), 1'500'000'000);
}

TEST(Arithmetic, Reals) {
  const auto result = evaluate_arithmetic("1e-9");
  EXPECT_DOUBLE_EQ(std::get<Number>(result).real(), 1e-9);
  EXPECT_TRUE(std::isinf(std::get<Number>(evaluate_arithmetic("inf")).real()));
  EXPECT_TRUE(std::isinf(std::get<Number>(evaluate_arithmetic(".inf")).real()));
}

TEST(Arithmetic, Errors) {
  EXPECT_NE(error("9223372036854775808"), "");
  EXPECT_NE(error("9223372036854775807 + 1"), "");
  EXPECT_NE(error("2**64"), "");
  EXPECT_NE(error("1/0"), "");
  EXPECT_NE(error("2x56"), "");
  EXPECT_NE(error("3 4"), "");
  EXPECT_NE(error("(1"), "");
  EXPECT_NE(error(""), "");
  EXPECT_NE(error("__import__('os')"), "");
  EXPECT_NE(error(std::string(100000, '(')), "");
  EXPECT_NE(error(std::string(100000, '-')), "");
}

RC_GTEST_PROP(Arithmetic, SumsAndProductsAreExact, (std::int32_t a, std::int32_t b, std::int32_t c)) {
  const std::string text = std::to_string(a) + " * " + std::to_string(b) + " + (" + std::to_string(c) + ")";
  RC_ASSERT(integer(text) == std::int64_t{a} * b + c);
}

RC_GTEST_PROP(Arithmetic, NeverFailsToAnswer, (const std::string& text)) {
  const auto result = evaluate_arithmetic(text);
  if (const auto* found = std::get_if<ArithmeticError>(&result)) RC_ASSERT(found->offset <= text.size());
}

}  // namespace
}  // namespace loopsim
