#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "workloads/AffineText.hpp"

namespace loopsim {
namespace {

using Coefficients = std::map<std::string, std::int64_t>;

TEST(AffineText, Projections) {
  const auto expressions = parse_projection("[ C1, 2*P1 + R1 - 1, 3P1, -(Q - 2)*2, 7 ]");
  ASSERT_EQ(expressions.size(), 5U);
  EXPECT_EQ(expressions[0].coefficients, (Coefficients{{"C1", 1}}));
  EXPECT_EQ(expressions[1].coefficients, (Coefficients{{"P1", 2}, {"R1", 1}}));
  EXPECT_EQ(expressions[1].constant, -1);
  EXPECT_EQ(expressions[2].coefficients, (Coefficients{{"P1", 3}}));
  EXPECT_EQ(expressions[3].coefficients, (Coefficients{{"Q", -2}}));
  EXPECT_EQ(expressions[3].constant, 4);
  EXPECT_TRUE(expressions[4].coefficients.empty());
}

TEST(AffineText, TermsThatCancelAreGone) {
  EXPECT_TRUE(parse_projection("P - P")[0].coefficients.empty());
  EXPECT_EQ(parse_projection("P*2 + P")[0].coefficients, (Coefficients{{"P", 3}}));
  EXPECT_TRUE(parse_projection("0*P")[0].coefficients.empty());
}

TEST(AffineText, ProjectionErrorsSayWhere) {
  const auto offset_of = [](const std::string& text) -> std::size_t {
    try {
      parse_projection(text);
    } catch (const AffineTextError& error) {
      return error.offset;
    }
    return 1000;
  };
  EXPECT_EQ(offset_of("[ P * Q ]"), 6U);
  EXPECT_EQ(offset_of("[ P / 2 ]"), 4U);
  EXPECT_EQ(offset_of("[ P mod 2 ]"), 4U);
  EXPECT_EQ(offset_of("[ P,, Q ]"), 4U);
  EXPECT_EQ(offset_of("[ P, Q"), 6U);
  EXPECT_EQ(offset_of("[ P ] Q"), 6U);
  EXPECT_EQ(offset_of("P + "), 4U);
  EXPECT_EQ(offset_of(""), 0U);
  EXPECT_NE(offset_of("9223372036854775808*P"), 1000U);
  EXPECT_NE(offset_of("9223372036854775807*P + P"), 1000U);
  EXPECT_NE(offset_of(std::string(100000, '(')), 1000U);
  EXPECT_NE(offset_of(std::string(100000, '-') + "P"), 1000U);
}

struct Interval {
  std::int64_t low = INT64_MIN;
  std::int64_t high = INT64_MAX;
};

std::map<std::string, Interval> bounds_of(const std::string& text) {
  std::map<std::string, Interval> all;
  for (const NamedBound& bound : parse_bounds(text)) {
    Interval& interval = all[bound.name];
    if (bound.has_low) interval.low = std::max(interval.low, bound.low);
    if (bound.has_high) interval.high = std::min(interval.high, bound.high);
  }
  return all;
}

TEST(AffineText, Bounds) {
  const auto all = bounds_of("0 <= P1 < 128 and M1 >= -2\nand 64 > M1 and C1 = 3 and 1 < R1 <= 16*2 && 0 <= A, B < 4");
  EXPECT_EQ(all.at("P1").low, 0);
  EXPECT_EQ(all.at("P1").high, 128);
  EXPECT_EQ(all.at("M1").low, -2);
  EXPECT_EQ(all.at("M1").high, 64);
  EXPECT_EQ(all.at("C1").low, 3);
  EXPECT_EQ(all.at("C1").high, 4);
  EXPECT_EQ(all.at("R1").low, 2);
  EXPECT_EQ(all.at("R1").high, 33);
  EXPECT_EQ(all.at("A").high, 4);
  EXPECT_EQ(all.at("B").low, 0);
}

TEST(AffineText, BoundErrors) {
  for (const char* text : {"P1", "P1 < Q1", "0 <= 2*P1 < 8", "0 < 1", "0 <= P1 < 8 or Q1 < 3", "0 <= P1 <", "",
                           "P1 <= 9223372036854775807", "P1 ! 3", "0 <= P1 + 1 < 8"}) {
    EXPECT_THROW(parse_bounds(text), AffineTextError) << text;
  }
}

RC_GTEST_PROP(AffineText, RoundTrip, (std::int16_t p, std::int16_t q, std::int16_t constant)) {
  const auto text = std::to_string(p) + "*P + " + std::to_string(q) + "*Q + " + std::to_string(constant);
  const auto expression = parse_projection(text).at(0);
  const auto coefficient = [&](const char* name) {
    const auto found = expression.coefficients.find(name);
    return found == expression.coefficients.end() ? 0 : found->second;
  };
  RC_ASSERT(coefficient("P") == p);
  RC_ASSERT(coefficient("Q") == q);
  RC_ASSERT(expression.constant == constant);
}

RC_GTEST_PROP(AffineText, AnyTextIsReadOrRefused, (const std::string& text)) {
  try {
    parse_projection(text);
    parse_bounds(text);
  } catch (const AffineTextError& error) {
    RC_ASSERT(error.offset <= text.size());
  }
}

}  // namespace
}  // namespace loopsim
