#include "base/Unit.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <numeric>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

namespace {

struct BaseUnit {
  std::string_view spelling;
  std::string_view kind;  ///< what it measures: the unit of that kind with the ratio 1
  std::int64_t amount = 1;
};

constexpr std::array base_units = {
    BaseUnit{"Hz", "Hz"},
    BaseUnit{"s", "s"},
    BaseUnit{"b", "bit"},
    BaseUnit{"bit", "bit"},
    BaseUnit{"bits", "bit"},
    BaseUnit{"B", "bit", 8},
    BaseUnit{"byte", "bit", 8},
    BaseUnit{"bytes", "bit", 8},
    BaseUnit{"bps", "bit/s"},
    BaseUnit{"Bps", "bit/s", 8},
    BaseUnit{"J", "J"},
    BaseUnit{"W", "W"},
    BaseUnit{"V", "V"},
    BaseUnit{"A", "A"},
    BaseUnit{"cycle", "cycle"},
    BaseUnit{"cycles", "cycle"},
    BaseUnit{"word", "word"},
    BaseUnit{"words", "word"},
    BaseUnit{"tile", "tile"},
    BaseUnit{"tiles", "tile"},
    BaseUnit{"step", "step"},
    BaseUnit{"steps", "step"},
    BaseUnit{"PE", "PE"},
    BaseUnit{"PEs", "PE"},
    BaseUnit{"column", "column"},
    BaseUnit{"columns", "column"},
    BaseUnit{"rank", "rank"},
    BaseUnit{"ranks", "rank"},
    BaseUnit{"burst", "burst"},
    BaseUnit{"bursts", "burst"},
    BaseUnit{"flit", "flit"},
    BaseUnit{"flits", "flit"},
    BaseUnit{"channel", "channel"},
    BaseUnit{"channels", "channel"},
};

struct Prefix {
  std::string_view spelling;
  UnitRatio ratio;
};

constexpr std::int64_t kilo = 1000;
constexpr std::int64_t kibi = 1024;
constexpr std::array prefixes = {
    Prefix{"", {}},
    Prefix{"f", {1, kilo* kilo* kilo* kilo* kilo}},
    Prefix{"p", {1, kilo* kilo* kilo* kilo}},
    Prefix{"n", {1, kilo* kilo* kilo}},
    Prefix{"u", {1, kilo* kilo}},
    Prefix{"µ", {1, kilo* kilo}},
    Prefix{"m", {1, kilo}},
    Prefix{"k", {kilo, 1}},
    Prefix{"M", {kilo * kilo, 1}},
    Prefix{"G", {kilo * kilo * kilo, 1}},
    Prefix{"T", {kilo * kilo * kilo * kilo, 1}},
    Prefix{"P", {kilo * kilo * kilo * kilo * kilo, 1}},
    Prefix{"Ki", {kibi, 1}},
    Prefix{"Mi", {kibi * kibi, 1}},
    Prefix{"Gi", {kibi * kibi * kibi, 1}},
    Prefix{"Ti", {kibi * kibi * kibi * kibi, 1}},
};

struct Unit {
  std::string kind;
  UnitRatio ratio;
};

/// a / b in lowest terms, or nothing where that takes more than 64 bits.
std::optional<UnitRatio> quotient(UnitRatio a, UnitRatio b) {
  const std::int64_t up = std::gcd(a.numerator, b.numerator);
  const std::int64_t down = std::gcd(a.denominator, b.denominator);
  UnitRatio result;
  if (__builtin_mul_overflow(a.numerator / up, b.denominator / down, &result.numerator) ||
      __builtin_mul_overflow(a.denominator / down, b.numerator / up, &result.denominator)) {
    return std::nullopt;
  }
  const std::int64_t common = std::gcd(result.numerator, result.denominator);
  return UnitRatio{result.numerator / common, result.denominator / common};
}

std::optional<Unit> parse_simple(std::string_view text) {
  for (const BaseUnit& base : base_units) {
    if (text.size() < base.spelling.size()) continue;
    const std::size_t at = text.size() - base.spelling.size();
    if (text.substr(at) != base.spelling) continue;
    for (const Prefix& prefix : prefixes) {
      if (prefix.spelling != text.substr(0, at)) continue;
      return Unit{std::string(base.kind), {base.amount * prefix.ratio.numerator, prefix.ratio.denominator}};
    }
  }
  return std::nullopt;
}

std::optional<Unit> parse_unit(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto over = parse_simple(text.substr(0, slash));
  if (!over || slash == std::string_view::npos) return over;
  const auto under = parse_simple(text.substr(slash + 1));
  if (!under) return std::nullopt;
  const auto ratio = quotient(over->ratio, under->ratio);
  if (!ratio) return std::nullopt;
  return Unit{over->kind + "/" + under->kind, *ratio};
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

/// A unit of the kind of `unit` that differs from what was written in capitals alone.
std::optional<std::string> other_capitals(std::string_view written, std::string_view unit) {
  const auto wanted = parse_unit(unit);
  if (!wanted) return std::nullopt;
  std::vector<std::string> found;
  const std::size_t slash = std::min(written.find('/'), written.size());
  for (const BaseUnit& base : base_units) {
    for (const Prefix& prefix : prefixes) {
      std::string text = std::string(prefix.spelling) + std::string(base.spelling) + std::string(written.substr(slash));
      const auto parsed = parse_unit(text);
      if (lower(text) != lower(written) || !parsed || parsed->kind != wanted->kind) continue;
      found.push_back(std::move(text));
    }
  }
  if (found.empty()) return std::nullopt;
  // A thousand or a million rather than a thousandth.
  const auto large = std::find_if(found.begin(), found.end(),
                                  [](const std::string& text) { return parse_unit(text)->ratio.denominator == 1; });
  return large == found.end() ? found.front() : *large;
}

}  // namespace

std::optional<UnitRatio> unit_ratio(std::string_view written, std::string_view unit) {
  const auto given = parse_unit(written);
  const auto wanted = parse_unit(unit);
  if (!given || !wanted || given->kind != wanted->kind) return std::nullopt;
  return quotient(given->ratio, wanted->ratio);
}

std::string unit_error(std::string_view written, std::string_view unit) {
  if (parse_unit(written)) return fmt::format("'{}' is no amount of {}", written, unit);
  const bool kilobytes = written.substr(0, 1) == "K" && parse_unit(std::string("k") + std::string(written.substr(1)));
  if (kilobytes) {
    const std::string_view rest = written.substr(1);
    return fmt::format("there is no unit '{}'; write 'k{}' for 1000 or 'Ki{}' for 1024", written, rest, rest);
  }
  const auto near = other_capitals(written, unit);
  return fmt::format("there is no unit '{}'{}", written, near ? fmt::format("; did you mean '{}'?", *near) : "");
}

std::size_t unit_begin(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && std::isspace(static_cast<unsigned char>(text[end - 1])) != 0) --end;
  std::size_t begin = end;
  const auto belongs = [&](std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (std::isalpha(c) != 0 || c > 127) return true;
    // A slash between letters; behind a number it divides.
    return c == '/' && at + 1 < end && at > 0 && std::isalpha(static_cast<unsigned char>(text[at - 1])) != 0;
  };
  while (begin > 0 && belongs(begin - 1)) --begin;
  for (const std::string_view word : {"inf", "Inf", "INF", "infinity"}) {
    if (text.substr(begin, end - begin) == word) return text.size();
  }
  // A word that stands alone is no unit.
  std::size_t before = begin;
  while (before > 0 && std::isspace(static_cast<unsigned char>(text[before - 1])) != 0) --before;
  return before == 0 ? text.size() : begin;
}

}  // namespace loopsim
