#include "base/DocumentReader.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>

#include "base/Arithmetic.hpp"
#include "base/Unit.hpp"

namespace loopsim {

namespace {

std::string with_unit(std::string_view expected, std::string_view unit) {
  return unit.empty() ? std::string(expected) : fmt::format("{} ({})", expected, unit);
}

void report(const DocumentNode& node, std::size_t offset, std::string_view what, std::string_view expected,
            std::string_view detail, Diagnostics& diagnostics) {
  diagnostics.error(
      offset == 0 ? node.where : position_within(node, offset),
      fmt::format("{}: expected {}, got {}{}{}", what, expected, describe(node), detail.empty() ? "" : ": ", detail));
}

/// `expected` without its unit.
std::optional<Number> evaluate(const DocumentNode& node, std::string_view what, std::string_view expected,
                               std::string_view unit, Diagnostics& diagnostics) {
  const std::string wanted = with_unit(expected, unit);
  if (!node.is_scalar()) {
    report(node, 0, what, wanted, "", diagnostics);
    return std::nullopt;
  }
  const std::string_view text = node.text;
  const std::size_t end = unit.empty() ? text.size() : unit_begin(text);
  const auto result = evaluate_arithmetic(text.substr(0, end));
  if (const auto* error = std::get_if<ArithmeticError>(&result)) {
    // At the very beginning there is nothing to add to what was expected.
    report(node, error->offset, what, wanted, error->offset == 0 ? "" : error->message, diagnostics);
    return std::nullopt;
  }
  const auto& number = std::get<Number>(result);
  if (end == text.size()) return number;
  const std::string_view written = text.substr(end, text.find_last_not_of(" \t\r\n") + 1 - end);
  const auto ratio = unit_ratio(written, unit);
  if (!ratio) {
    report(node, end, what, wanted, unit_error(written, unit), diagnostics);
    return std::nullopt;
  }
  const auto amount = scaled(number, ratio->numerator, ratio->denominator);
  if (!amount) report(node, 0, what, wanted, "the value exceeds 2^63 - 1", diagnostics);
  return amount;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string integer_description(IntegerRange range) {
  const bool low = range.low != std::numeric_limits<std::int64_t>::min();
  const bool high = range.high != std::numeric_limits<std::int64_t>::max();
  if (low && high) return fmt::format("an integer from {} to {}", range.low, range.high);
  if (low && range.low == 1) return "a positive integer";
  if (low) return fmt::format("an integer of at least {}", range.low);
  if (high) return fmt::format("an integer of at most {}", range.high);
  return "an integer";
}

/// "rank:P2" is one word to YAML.
bool lacks_blank(std::string_view written, std::string_view key) {
  return written.size() > key.size() && written[key.size()] == ':' && same_key(written.substr(0, key.size()), key);
}

std::string missing_blank(std::string_view written, std::string_view key, std::string_view what) {
  return fmt::format("unknown key '{}' in {}; a blank is missing behind the colon: '{}: {}'", written, what, key,
                     written.substr(key.size() + 1));
}

}  // namespace

std::optional<std::int64_t> read_integer(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                         IntegerRange range, std::string_view unit) {
  const std::string expected = integer_description(range);
  const auto number = evaluate(node, what, expected, unit, diagnostics);
  if (!number) return std::nullopt;
  if (!number->is_integer() || number->integer() < range.low || number->integer() > range.high) {
    const bool too_large = !number->is_integer() && std::isfinite(number->real()) && std::abs(number->real()) > 9.0e15;
    diagnostics.error(node.where, fmt::format("{}: expected {}, got {}{}", what, with_unit(expected, unit),
                                              describe(node), too_large ? " (too large to be exact)" : ""));
    return std::nullopt;
  }
  return number->integer();
}

std::optional<double> read_number(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                  std::string_view unit) {
  const auto number = evaluate(node, what, "a number", unit, diagnostics);
  if (!number) return std::nullopt;
  if (std::isnan(number->real())) {
    report(node, 0, what, with_unit("a number", unit), "", diagnostics);
    return std::nullopt;
  }
  return number->real();
}

std::optional<double> read_finite_number(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                         NumberRange range, std::string_view unit) {
  const auto number = read_number(node, what, diagnostics, unit);
  if (!number) return std::nullopt;
  if (std::isfinite(*number) && *number >= range.low && *number <= range.high) return number;
  const std::string expected = range.high < std::numeric_limits<double>::max()
                                   ? fmt::format("a number from {:g} to {:g}", range.low, range.high)
                                   : fmt::format("a finite number of at least {:g}", range.low);
  report(node, 0, what, with_unit(expected, unit), "", diagnostics);
  return std::nullopt;
}

std::optional<bool> read_boolean(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.is_scalar()) {
    const std::string word = lower(node.text);
    if (word == "true" || word == "yes" || word == "on") return true;
    if (word == "false" || word == "no" || word == "off") return false;
  }
  diagnostics.error(node.where, fmt::format("{}: expected true or false, got {}", what, describe(node)));
  return std::nullopt;
}

std::optional<std::string> read_text(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.is_scalar() && !node.text.empty()) return node.text;
  diagnostics.error(node.where, fmt::format("{}: expected a text, got {}", what, describe(node)));
  return std::nullopt;
}

bool is_infinite(const DocumentNode& node) {
  if (!node.is_scalar()) return false;
  const auto result = evaluate_arithmetic(node.text);
  const auto* number = std::get_if<Number>(&result);
  return number != nullptr && std::isinf(number->real()) && number->real() > 0;
}

const std::vector<DocumentNodePtr>* read_list(const DocumentNode& node, std::string_view what,
                                              Diagnostics& diagnostics) {
  if (node.is_sequence()) return &node.items;
  diagnostics.error(node.where, fmt::format("{}: expected a list, got {}", what, describe(node)));
  return nullptr;
}

MapReader::MapReader(const DocumentNode& node, std::string what, Diagnostics& diagnostics)
    : node_(node), what_(std::move(what)), diagnostics_(diagnostics), used_(node.entries.size(), false) {
  if (!node.is_map()) {
    diagnostics_.error(node.where, fmt::format("{}: expected a map, got {}", what_, describe(node)));
  }
}

DocumentNodePtr MapReader::optional(std::string_view key, std::initializer_list<std::string_view> aliases) {
  known_.emplace_back(key);
  const DocumentEntry* found = nullptr;
  for (std::size_t i = 0; i < node_.entries.size(); ++i) {
    const DocumentEntry& entry = node_.entries[i];
    const bool matches = same_key(entry.key, key) || std::any_of(aliases.begin(), aliases.end(), [&](auto alias) {
                           return same_key(entry.key, alias);
                         });
    if (!matches) continue;
    used_[i] = true;
    if (found != nullptr) {
      diagnostics_.error(entry.key_where, fmt::format("'{}' says the same as '{}' at {}", entry.key, found->key,
                                                      describe(found->key_where)));
    } else {
      found = &entry;
    }
  }
  return found == nullptr ? nullptr : found->value;
}

DocumentNodePtr MapReader::required(std::string_view key, std::initializer_list<std::string_view> aliases) {
  DocumentNodePtr value = optional(key, aliases);
  if (!node_.is_map()) return nullptr;
  if (value && !value->is_null()) return value;
  std::vector<std::string> spellings = {std::string(key)};
  spellings.insert(spellings.end(), aliases.begin(), aliases.end());
  if (!value && report_misspelling(spellings)) return nullptr;
  diagnostics_.error(value ? value->where : node_.where,
                     fmt::format("{} {} '{}'", what_, value ? "has nothing under" : "lacks", key));
  return nullptr;
}

bool MapReader::ignore(std::string_view key) {
  return optional(key) != nullptr;
}

bool MapReader::report_misspelling(const std::vector<std::string>& keys) {
  for (std::size_t i = 0; i < node_.entries.size(); ++i) {
    if (used_[i]) continue;
    const DocumentEntry& entry = node_.entries[i];
    const auto run_together =
        std::find_if(keys.begin(), keys.end(), [&](const std::string& key) { return lacks_blank(entry.key, key); });
    if (run_together != keys.end()) {
      used_[i] = true;
      diagnostics_.error(entry.key_where, missing_blank(entry.key, *run_together, what_));
      return true;
    }
    const auto meant = nearest_spelling(entry.key, keys);
    if (!meant) continue;
    used_[i] = true;
    diagnostics_.error(entry.key_where,
                       fmt::format("unknown key '{}' in {}; did you mean '{}'?", entry.key, what_, *meant));
    return true;
  }
  return false;
}

void MapReader::finish() {
  for (std::size_t i = 0; i < node_.entries.size(); ++i) {
    if (used_[i]) continue;
    const DocumentEntry& entry = node_.entries[i];
    const auto run_together =
        std::find_if(known_.begin(), known_.end(), [&](const std::string& key) { return lacks_blank(entry.key, key); });
    diagnostics_.error(entry.key_where, run_together != known_.end()
                                            ? missing_blank(entry.key, *run_together, what_)
                                            : fmt::format("unknown key '{}' in {}{}", entry.key, what_,
                                                          did_you_mean(entry.key, known_)));
  }
}

}  // namespace loopsim
