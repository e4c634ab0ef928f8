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

/// From 2^53 on neighbours round to the same double, so that a whole one may have been another number.
Number to_number(double value) {
  if (std::isfinite(value) && value == std::trunc(value) && std::abs(value) < largest_exact_real) {
    return {static_cast<std::int64_t>(value)};
  }
  return {value};
}

/// A literal such as 1.5e9 or 9007199254740993.0 whose value is whole and fits in 64 bits, exactly.
std::optional<std::int64_t> whole_decimal(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("eE"), text.size());
  std::string digits(text.substr(0, end));
  int exponent = 0;
  if (end < text.size()) {
    const std::size_t sign = text[end + 1] == '+' ? 1 : 0;
    const std::string_view power = text.substr(end + 1 + sign);
    if (std::from_chars(power.data(), power.data() + power.size(), exponent).ec != std::errc()) return std::nullopt;
  }
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) {
    exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  for (; exponent < 0 && !digits.empty() && digits.back() == '0'; ++exponent) digits.pop_back();
  if (digits.find_first_not_of('0') == std::string::npos) return 0;
  std::int64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (exponent < 0 || parsed.ec != std::errc()) return std::nullopt;
  for (; exponent > 0; --exponent) {
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
  }
  return value;
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
    if (is_integer) return {integer};
    const auto whole = whole_decimal({begin, static_cast<std::size_t>(as_real.ptr - begin)});
    return whole ? Number{*whole} : Number{real};
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
    if (!a.is_integer() || !b.is_integer()) return to_number(a.real() / b.real());
    if (b.integer() == -1) return negate(a);
    if (a.integer() % b.integer() == 0) return {a.integer() / b.integer()};
    return {a.real() / b.real()};  // a fraction, even where the nearest double is whole
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

std::optional<Number> scaled(Number number, std::int64_t numerator, std::int64_t denominator) {
  if (!number.is_integer()) {
    return to_number(number.real() * static_cast<double>(numerator) / static_cast<double>(denominator));
  }
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(number.integer()) * numerator;
  if (product % denominator != 0) return Number{static_cast<double>(product) / static_cast<double>(denominator)};
  const Wide result = product / denominator;
  const auto integer = static_cast<std::int64_t>(result);
  return integer == result ? std::optional(Number{integer}) : std::nullopt;
}

std::variant<Number, ArithmeticError> evaluate_arithmetic(std::string_view text) {
  try {
    return Evaluator(text).whole();
  } catch (const ArithmeticError& error) {
    return error;
  }
}

}  // namespace loopsim
