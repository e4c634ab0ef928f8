#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

struct SettingTarget;
struct SettingSource;
struct SimulationSetting;

enum class SimulationValueType {
  integer,
  integer_or_infinity,
  number,
  boolean,
  word,  ///< one of SimulationKey::words
  text,  ///< anything; whoever uses it checks it
  integer_list,
  integer_or_infinity_pair,
  text_list,  ///< names, or one alone; whoever uses them checks them
};

/// What a key's value belongs to; of a level, a tensor or an einsum, the one that is named in the path.
enum class SettingOwner { run, machine, level, tensor, einsum };

/// A value as it is written back: one, a list, or one for each name that the last part of the path stands for.
using WrittenValue = std::variant<std::string, std::vector<std::string>, std::map<std::string, std::string>>;

/// A key under `simulation:`. The one table of them feeds the loader, resolved.yaml, `loopsim explain` and the
/// documentation.
struct SimulationKey {
  std::string_view path;  ///< "levels.NAME.size"; a part in capitals stands for any name
  SimulationValueType type = SimulationValueType::integer;
  std::string_view unit;  ///< empty where a value has none
  std::string_view default_text;
  std::string_view meaning;
  std::int64_t least = 0;  ///< smallest value allowed
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string_view> words;
  /// Sets what the key is about, and complains about a value that does not suit it.
  void (*apply)(SettingTarget& to, const SimulationSetting& setting) = nullptr;
  /// The value as it is now; nothing where resolved.yaml leaves the key out.
  std::optional<WrittenValue> (*written)(const SettingSource& from) = nullptr;
  SettingOwner owner = SettingOwner::machine;  ///< set by the table
};

/// An integer, or nothing where `inf` was written.
using IntegerOrInfinity = std::optional<std::int64_t>;

/// One value found in the input.
struct SimulationSetting {
  const SimulationKey* key = nullptr;
  std::string name;  ///< what NAME or STAGE stands for
  SourcePosition name_where;
  SourcePosition where;
  std::variant<IntegerOrInfinity, double, bool, std::string, std::vector<IntegerOrInfinity>, std::vector<std::string>>
      value;

  bool is(std::string_view path) const { return key->path == path; }
  std::int64_t integer() const { return *std::get<IntegerOrInfinity>(value); }
  IntegerOrInfinity integer_or_infinity() const { return std::get<IntegerOrInfinity>(value); }
  double number() const { return std::get<double>(value); }
  bool boolean() const { return std::get<bool>(value); }
  const std::string& word() const { return std::get<std::string>(value); }
  const std::vector<std::string>& names() const { return std::get<std::vector<std::string>>(value); }
  const std::vector<IntegerOrInfinity>& list() const { return std::get<std::vector<IntegerOrInfinity>>(value); }
};

}  // namespace loopsim
