#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <rapidcheck/gtest.h>
#include <vector>

#include "sim/functional/Values.hpp"

namespace loopsim {
namespace {

constexpr Value least = std::numeric_limits<Value>::min();
constexpr Value greatest = std::numeric_limits<Value>::max();

Value apply(Operation operation, const std::vector<Value>& operands) {
  return operation_value(operation, operands.data(), operands.size());
}

TEST(Values, OperationsTakeOperandsInOrder) {
  EXPECT_EQ(apply(Operation::mac, {3, -4}), -12);
  EXPECT_EQ(apply(Operation::mac, {3}), 3);
  EXPECT_EQ(apply(Operation::mac, {2, 3, 5}), 30);
  EXPECT_EQ(apply(Operation::max, {-7}), -7);
  EXPECT_EQ(apply(Operation::add, {3, -4, 10}), 9);
  EXPECT_EQ(apply(Operation::sub, {3, -4}), 7);
  EXPECT_EQ(apply(Operation::sub, {10, 3, 2}), 5);
  EXPECT_EQ(apply(Operation::mul, {3, -4}), -12);
  EXPECT_EQ(apply(Operation::copy, {-5}), -5);
  EXPECT_EQ(apply(Operation::relu, {-5}), 0);
  EXPECT_EQ(apply(Operation::relu, {5}), 5);
  EXPECT_EQ(apply(Operation::div, {-7, 2}), -3);
}

TEST(Values, WrapInsteadOfOverflowing) {
  EXPECT_EQ(apply(Operation::add, {greatest, 1}), least);
  EXPECT_EQ(apply(Operation::sub, {least, 1}), greatest);
  EXPECT_EQ(apply(Operation::mul, {least, -1}), least);
  EXPECT_EQ(accumulate(Operation::mac, greatest, 1), least);
}

TEST(Values, DivisionIsTotal) {
  EXPECT_EQ(quotient(17, 0), 0);
  EXPECT_EQ(quotient(least, -1), least);
  EXPECT_EQ(quotient(least, 1), least);
  EXPECT_EQ(quotient(7, -2), -3);
}

TEST(Values, MaximumStartsBelowEverything) {
  EXPECT_EQ(accumulate(Operation::max, identity_of(Operation::max), least), least);
  EXPECT_EQ(accumulate(Operation::max, identity_of(Operation::max), -3), -3);
  EXPECT_EQ(accumulate(Operation::max, 4, -3), 4);
  EXPECT_EQ(identity_of(Operation::mac), 0);
}

TEST(Values, ExponentialDoublesEverySixteen) {
  EXPECT_EQ(exponential(0), Value{1} << 28);
  EXPECT_EQ(exponential(16), Value{1} << 29);
  EXPECT_EQ(exponential(-16), Value{1} << 27);
  EXPECT_EQ(exponential(8), Value{3} << 27);
  EXPECT_EQ(exponential(-384), 16);
  EXPECT_EQ(exponential(-385), 0);
  EXPECT_EQ(exponential(527), Value{31} << 56);
  EXPECT_EQ(exponential(528), Value{1} << 61);
  EXPECT_EQ(exponential(greatest), Value{1} << 61);
  EXPECT_EQ(exponential(least), 0);
}

TEST(Values, ExponentialIsMonotone) {
  for (Value x = -400; x < 540; ++x) EXPECT_LE(exponential(x), exponential(x + 1)) << x;
}

RC_GTEST_PROP(Values, ReductionsDoNotDependOnOrder, (std::vector<Value> values)) {
  for (Operation operation : {Operation::mac, Operation::max}) {
    Value forwards = identity_of(operation);
    for (Value value : values) forwards = accumulate(operation, forwards, value);
    Value backwards = identity_of(operation);
    for (auto value = values.rbegin(); value != values.rend(); ++value)
      backwards = accumulate(operation, backwards, *value);
    RC_ASSERT(forwards == backwards);
  }
}

TEST(Values, InputsDependOnNameAndPlaceAlone) {
  const std::vector<Coordinate> place{3, -1, 7};
  EXPECT_EQ(input_value(input_seed("A"), place.data(), 3), input_value(input_seed("A"), place.data(), 3));
  std::map<Value, int> seen;
  int differing_names = 0;
  int swapped = 0;
  int large = 0;
  for (Coordinate x = 0; x < 64; ++x) {
    for (Coordinate y = 0; y < 64; ++y) {
      const Coordinate at[] = {x, y};
      const Coordinate transposed[] = {y, x};
      const Value value = input_value(input_seed("A"), at, 2);
      ++seen[value];
      differing_names += value != input_value(input_seed("B"), at, 2);
      swapped += value != input_value(input_seed("A"), transposed, 2);
      large += value < -8 || value > 7;
      EXPECT_LE(-1000, value);
      EXPECT_GE(1000, value);
    }
  }
  for (Value small = -8; small < 8; ++small) EXPECT_GT(seen[small], 100) << small;
  EXPECT_GT(differing_names, 3000);
  EXPECT_GT(swapped, 3000);
  EXPECT_GT(large, 60);
  EXPECT_LT(large, 250);
}

}  // namespace
}  // namespace loopsim
