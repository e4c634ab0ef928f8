#include "base/Arithmetic.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace loopsim {

namespace {

constexpr int deepest_parentheses = 100;
constexpr double largest_exact_real = 9007199254740992.0;  // 2^53

Number to_number(double value) {
  if (std::isfinite(value) && value == std::trunc(value) && std::abs(value) <= largest_exact_real) {
    return {static_cast<std::int64_t>(value)};
  }
  return {value};
}

class Evaluator {
 public:
  explicit Evaluator(std::string_view text) : text_(text) {}

  Number whole() {
    const Number result = sum();
    skip_spaces();
    if (at_ < text_.size()) fail(fmt::format("unexpected '{}'", text_.substr(at_, 12)));
    return result;
  }

 private:
  [[noreturn]] void fail(std::string message) const { throw ArithmeticError{at_, std::move(message)}; }

  void skip_spaces() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool accept(std::string_view token) {
    skip_spaces();
    if (text_.substr(at_, token.size()) != token) return false;
    if (token == "*" && text_.substr(at_, 2) == "**") return false;
    at_ += token.size();
    return true;
  }

  Number sum() {
    Number left = product();
    while (true) {
      if (accept("+"))
        left = add(left, product());
      else if (accept("-"))
        left = add(left, negate(product()));
      else
        return left;
    }
  }

  Number product() {
    Number left = signed_power();
    while (true) {
      if (accept("*"))
        left = multiply(left, signed_power());
      else if (accept("/"))
        left = divide(left, signed_power());
      else
        return left;
    }
  }

  Number signed_power() {
    if (accept("-")) return nested([&] { return negate(signed_power()); });
    if (accept("+")) return nested([&] { return signed_power(); });
    const Number base = primary();
    if (accept("**")) return nested([&] { return power(base, signed_power()); });
    return base;
  }

  Number primary() {
    skip_spaces();
    if (accept("(")) {
      const Number inner = nested([&] { return sum(); });
      if (!accept(")")) fail("expected ')'");
      return inner;
    }
    for (const std::string_view word : {"infinity", "inf", ".inf", "Inf", ".Inf", "INF"}) {
      if (accept(word)) return {std::numeric_limits<double>::infinity()};
    }
    return literal();
  }

  template <class Parse>
  Number nested(Parse parse) {
    if (++depth_ > deepest_parentheses) fail("nested too deep");
    const Number result = parse();
    --depth_;
    return result;
  }

  Number literal() {
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    if (begin == end || (std::isdigit(static_cast<unsigned char>(*begin)) == 0 && *begin != '.')) {
      if (begin == end) fail("expected a number");
      fail(fmt::format("expected a number, got '{}'", text_.substr(at_, 12)));
    }
    std::int64_t integer = 0;
    const auto as_integer = std::from_chars(begin, end, integer);
    double real = 0;
    const auto as_real = std::from_chars(begin, end, real);
    if (as_real.ec != std::errc()) fail("a number out of range");
    const bool is_integer = as_integer.ec == std::errc() && as_integer.ptr == as_real.ptr;
    if (as_integer.ec == std::errc::result_out_of_range && as_integer.ptr == as_real.ptr) overflow();
    at_ += static_cast<std::size_t>(as_real.ptr - begin);
    if (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      fail(fmt::format("unexpected '{}'", text_.substr(at_, 12)));
    }
    return is_integer ? Number{integer} : to_number(real);
  }

  [[noreturn]] void overflow() const { fail("the value exceeds 2^63 - 1"); }

  Number add(Number a, Number b) const {
    if (!a.is_integer() || !b.is_integer()) return to_number(a.real() + b.real());
    std::int64_t result = 0;
    if (__builtin_add_overflow(a.integer(), b.integer(), &result)) overflow();
    return {result};
  }

  Number negate(Number a) const {
    if (!a.is_integer()) return {-a.real()};
    if (a.integer() == std::numeric_limits<std::int64_t>::min()) overflow();
    return {-a.integer()};
  }

  Number multiply(Number a, Number b) const {
    if (!a.is_integer() || !b.is_integer()) return to_number(a.real() * b.real());
    std::int64_t result = 0;
    if (__builtin_mul_overflow(a.integer(), b.integer(), &result)) overflow();
    return {result};
  }

  Number divide(Number a, Number b) const {
    if (b.real() == 0) fail("division by zero");
    if (a.is_integer() && b.is_integer() && b.integer() != -1 && a.integer() % b.integer() == 0) {
      return {a.integer() / b.integer()};
    }
    return to_number(a.real() / b.real());
  }

  Number power(Number base, Number exponent) const {
    if (!base.is_integer() || !exponent.is_integer() || exponent.integer() < 0) {
      return to_number(std::pow(base.real(), exponent.real()));
    }
    Number result{std::int64_t{1}};
    // 63 factors other than 0 and ±1 overflow; larger exponents only matter for those.
    const std::int64_t factors = std::min<std::int64_t>(exponent.integer(), 64 + exponent.integer() % 2);
    for (std::int64_t i = 0; i < factors; ++i) result = multiply(result, base);
    return result;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::variant<Number, ArithmeticError> evaluate_arithmetic(std::string_view text) {
  try {
    return Evaluator(text).whole();
  } catch (const ArithmeticError& error) {
    return error;
  }
}

}  // namespace loopsim
