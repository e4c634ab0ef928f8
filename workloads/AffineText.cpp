#include "workloads/AffineText.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

constexpr int deepest_parentheses = 100;

/// Reads expressions and relations from a text, token by token.
class AffineParser {
 public:
  explicit AffineParser(std::string_view text) : text_(text) {}

  std::size_t offset() const { return at_; }

  bool at_end() {
    skip_spaces();
    return at_ == text_.size();
  }

  [[noreturn]] void fail(const std::string& message) const { throw AffineTextError(at_, message); }

  [[noreturn]] void fail_here(std::string_view expected) {
    if (at_end()) fail(fmt::format("expected {} at the end", expected));
    fail(fmt::format("expected {}, got '{}'", expected, text_.substr(at_, 12)));
  }

  bool accept(std::string_view token) {
    skip_spaces();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  bool accept_word(std::string_view word) {
    skip_spaces();
    const std::size_t after = at_ + word.size();
    if (text_.substr(at_, word.size()) != word || (after < text_.size() && continues_name(text_[after]))) return false;
    at_ = after;
    return true;
  }

  NamedAffine expression() {
    skip_spaces();
    const std::size_t begin = at_;
    NamedAffine result = term();
    while (true) {
      if (accept("+"))
        result = combine(std::move(result), term(), 1);
      else if (accept("-"))
        result = combine(std::move(result), term(), -1);
      else
        break;
    }
    result.offset = begin;
    return result;
  }

  /// One of `<=`, `>=`, `<`, `>`, `=`, `==`, or nothing.
  std::string relation() {
    for (const std::string_view symbol : {"<=", ">=", "==", "<", ">", "="}) {
      if (accept(symbol)) return symbol == "==" ? "=" : std::string(symbol);
    }
    return "";
  }

 private:
  static bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  static bool continues_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '\'';
  }

  void skip_spaces() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  NamedAffine term() {
    NamedAffine left = factor();
    while (true) {
      skip_spaces();
      if (text_.substr(at_, 2) == "**") fail("'**' has no place in an affine expression");
      if (accept("*"))
        left = multiply(std::move(left), factor());
      else if (at_ < text_.size() && text_[at_] == '/')
        fail("a division is not affine");
      else
        return left;
    }
  }

  NamedAffine factor() {
    if (++depth_ > deepest_parentheses) fail("nested too deep");
    NamedAffine result = signed_factor();
    --depth_;
    return result;
  }

  NamedAffine signed_factor() {
    if (accept("-")) return combine({}, factor(), -1);
    if (accept("+")) return factor();
    if (accept("(")) {
      NamedAffine inner = expression();
      if (!accept(")")) fail_here("')'");
      return inner;
    }
    skip_spaces();
    if (at_ == text_.size()) fail_here("a rank or a number");
    if (begins_name(text_[at_])) return name();
    if (std::isdigit(static_cast<unsigned char>(text_[at_])) == 0) fail_here("a rank or a number");
    NamedAffine number;
    number.constant = integer();
    // ISL writes 2P for 2*P.
    if (at_ < text_.size() && begins_name(text_[at_])) return multiply(std::move(number), name());
    return number;
  }

  NamedAffine name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    for (const std::string_view operation : {"mod", "floor", "ceil", "max", "min", "floord"}) {
      if (word == operation) {
        at_ = begin;
        fail(fmt::format("'{}' is not affine", word));
      }
    }
    NamedAffine result;
    result.coefficients[word] = 1;
    result.offsets[word] = begin;
    return result;
  }

  std::int64_t integer() {
    std::int64_t value = 0;
    const auto result = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (result.ec != std::errc()) fail("a number exceeds 2^63 - 1");
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    if (at_ < text_.size() && text_[at_] == '.') fail("expected an integer");
    return value;
  }

  NamedAffine combine(NamedAffine left, const NamedAffine& right, std::int64_t sign) const try {
    left.constant = checked_add(left.constant, checked_multiply(sign, right.constant));
    for (const auto& [word, coefficient] : right.coefficients) {
      std::int64_t& sum = left.coefficients[word];
      sum = checked_add(sum, checked_multiply(sign, coefficient));
      left.offsets.emplace(word, right.offsets.at(word));
      if (sum == 0) left.coefficients.erase(word);
    }
    return left;
  } catch (const OverflowError&) {
    fail("a number exceeds 2^63 - 1");
  }

  NamedAffine multiply(NamedAffine left, NamedAffine right) const {
    if (!left.coefficients.empty() && !right.coefficients.empty()) {
      const std::string& one = left.coefficients.begin()->first;
      const std::string& other = right.coefficients.begin()->first;
      throw AffineTextError(right.offsets.at(other),
                            fmt::format("'{0}' times '{1}' is not affine; a stride is a number, "
                                        "as in 2*{1}",
                                        one, other));
    }
    if (!left.coefficients.empty()) std::swap(left, right);
    NamedAffine scaled;
    scaled.offsets = right.offsets;
    try {
      scaled.constant = checked_multiply(left.constant, right.constant);
      for (const auto& [word, coefficient] : right.coefficients) {
        const std::int64_t product = checked_multiply(left.constant, coefficient);
        if (product != 0) scaled.coefficients[word] = product;
      }
    } catch (const OverflowError&) {
      fail("a number exceeds 2^63 - 1");
    }
    return scaled;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// The name an expression consists of, or nothing if it is a constant.
std::optional<std::string> single_name(const NamedAffine& expression) {
  if (expression.coefficients.empty()) return std::nullopt;
  const auto& [name, coefficient] = *expression.coefficients.begin();
  if (expression.coefficients.size() > 1 || coefficient != 1 || expression.constant != 0) {
    throw AffineTextError(expression.offset, "expected bounds of a single rank, such as '0 <= P1 < 128'");
  }
  return name;
}

NamedBound bound_of(const std::string& name, std::size_t offset, std::string relation, std::int64_t constant) {
  NamedBound bound;
  bound.name = name;
  bound.offset = offset;
  try {
    if (relation == ">=" || relation == "=") {
      bound.has_low = true;
      bound.low = constant;
    }
    if (relation == ">") {
      bound.has_low = true;
      bound.low = checked_add(constant, 1);
    }
    if (relation == "<=" || relation == "=") {
      bound.has_high = true;
      bound.high = checked_add(constant, 1);
    }
    if (relation == "<") {
      bound.has_high = true;
      bound.high = constant;
    }
  } catch (const OverflowError&) {
    throw AffineTextError(offset, "a bound exceeds 2^63 - 1");
  }
  return bound;
}

std::string mirrored(const std::string& relation) {
  if (relation == "<") return ">";
  if (relation == "<=") return ">=";
  if (relation == ">") return "<";
  if (relation == ">=") return "<=";
  return relation;
}

void add_relation(const NamedAffine& left, const std::string& relation, const NamedAffine& right,
                  std::vector<NamedBound>& bounds) {
  const auto left_name = single_name(left);
  const auto right_name = single_name(right);
  if (left_name.has_value() == right_name.has_value()) {
    throw AffineTextError(right.offset, left_name ? "expected a constant on one side; bounds cannot relate two ranks"
                                                  : "expected a rank on one side");
  }
  if (left_name) {
    bounds.push_back(bound_of(*left_name, left.offset, relation, right.constant));
  } else {
    bounds.push_back(bound_of(*right_name, right.offset, mirrored(relation), left.constant));
  }
}

/// `i, j` on one side of a relation bounds each.
std::vector<NamedAffine> expression_list(AffineParser& parser) {
  std::vector<NamedAffine> expressions = {parser.expression()};
  while (parser.accept(",")) expressions.push_back(parser.expression());
  return expressions;
}

}  // namespace

std::vector<NamedAffine> parse_projection(std::string_view text) {
  AffineParser parser(text);
  const bool bracketed = parser.accept("[");
  std::vector<NamedAffine> expressions;
  if (!(bracketed && parser.accept("]"))) {
    do expressions.push_back(parser.expression());
    while (parser.accept(","));
    if (bracketed && !parser.accept("]")) parser.fail_here("',' or ']'");
  }
  if (!parser.at_end()) parser.fail_here(bracketed ? "the end" : "','");
  return expressions;
}

std::vector<NamedBound> parse_bounds(std::string_view text) {
  AffineParser parser(text);
  std::vector<NamedBound> bounds;
  do {
    std::vector<NamedAffine> left = expression_list(parser);
    std::string relation = parser.relation();
    if (relation.empty()) parser.fail_here("'<', '<=', '>' or '>='");
    while (!relation.empty()) {
      std::vector<NamedAffine> right = expression_list(parser);
      for (const NamedAffine& a : left) {
        for (const NamedAffine& b : right) add_relation(a, relation, b, bounds);
      }
      left = std::move(right);
      relation = parser.relation();
    }
  } while (parser.accept_word("and") || parser.accept("&&"));
  if (!parser.at_end()) parser.fail_here("'and'");
  return bounds;
}

}  // namespace loopsim
