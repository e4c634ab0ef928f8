#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// Typed readers: a value, or nothing and an error that says what was expected. `what` names the value in the error.
/// Where a number has a unit it may be written with one of that kind, "1.2 GHz", "64 KiB" (base/Unit.hpp), and comes in
/// `unit`, which every error names; a unit that is none of base/Unit.hpp's is only named.
struct IntegerRange {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};
std::optional<std::int64_t> read_integer(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                         IntegerRange range = {}, std::string_view unit = {});
/// `inf` is allowed as well and is infinity here.
std::optional<double> read_number(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                  std::string_view unit = {});
/// Finite and within these bounds.
struct NumberRange {
  double low = 0;
  double high = std::numeric_limits<double>::max();
};
std::optional<double> read_finite_number(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics,
                                         NumberRange range, std::string_view unit = {});
std::optional<bool> read_boolean(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics);
std::optional<std::string> read_text(const DocumentNode& node, std::string_view what, Diagnostics& diagnostics);
/// Does the node say infinity? Never an error.
bool is_infinite(const DocumentNode& node);

/// The items of a list, or nothing and an error.
const std::vector<DocumentNodePtr>* read_list(const DocumentNode& node, std::string_view what,
                                              Diagnostics& diagnostics);

/// Reads the keys of one map and reports those that nobody asked for.
class MapReader {
 public:
  /// `what` names the map in messages ("a storage node"). Reports an error if the node is no map.
  MapReader(const DocumentNode& node, std::string what, Diagnostics& diagnostics);

  bool is_map() const { return node_.is_map(); }
  const SourcePosition& where() const { return node_.where; }
  const std::string& what() const { return what_; }

  /// Value of the key or one of its older spellings, or null. Two spellings at once are an error.
  DocumentNodePtr optional(std::string_view key, std::initializer_list<std::string_view> aliases = {});
  /// As above, and an error if it is missing or empty: at a key that looks like a misspelling of it, if there is one.
  DocumentNodePtr required(std::string_view key, std::initializer_list<std::string_view> aliases = {});
  /// Accepts a key without reading it. Returns whether it is there.
  bool ignore(std::string_view key);

  /// Reports the first key not asked for that looks like a misspelling of one of these, and returns whether there is
  /// one: then nothing need be said about a key that is missing.
  bool report_misspelling(const std::vector<std::string>& keys);

  /// Reports every key that was not asked for.
  void finish();

 private:
  const DocumentNode& node_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
  std::vector<bool> used_;
};

}  // namespace loopsim
