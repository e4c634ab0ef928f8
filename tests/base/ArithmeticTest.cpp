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
