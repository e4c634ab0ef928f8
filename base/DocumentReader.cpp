#include "base/DocumentReader.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>

#include "base/Arithmetic.hpp"

namespace loopsim {

namespace {

std::optional<Number> evaluate(const DocumentNode& node, std::string_view what, std::string_view expected,
                               Diagnostics& diagnostics) {
  if (!node.is_scalar()) {
    diagnostics.error(node.where, fmt::format("{}: expected {}, got {}", what, expected, describe(node)));
    return std::nullopt;
  }
  const auto result = evaluate_arithmetic(node.text);
  if (const auto* error = std::get_if<ArithmeticError>(&result)) {
    // At the very beginning there is nothing to add to what was expected.
    const std::string detail = error->offset == 0 ? "" : ": " + error->message;
    diagnostics.error(position_within(node, error->offset),
                      fmt::format("{}: expected {}, got {}{}", what, expected, describe(node), detail));
    return std::nullopt;
  }
  return std::get<Number>(result);
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
                                         IntegerRange range) {
  const std::string expected = integer_description(range);
  const auto number = evaluate(node, what, expected, diagnostics);
  if (!number) return std::nullopt;
  if (!number->is_integer() || number->integer() < range.low || number->integer() > range.high) {
    const bool too_large = !number->is_integer() && std::isfinite(number->real()) && std::abs(number->real()) > 9.0e15;
    diagnostics.error(node.where, fmt::format("{}: expected {}, got {}{}", what, expected, describe(node),
                                              too_large ? " (too large to be exact)" : ""));
    return std::nullopt;
  }
  return number->integer();
}

std::optional<double> read_number(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics) {
  const auto number = evaluate(node, what, "a number", diagnostics);
  if (!number) return std::nullopt;
  if (std::isnan(number->real())) {
    diagnostics.error(node.where, fmt::format("{}: expected a number, got {}", what, describe(node)));
    return std::nullopt;
  }
  return number->real();
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
