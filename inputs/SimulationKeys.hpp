#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

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

/// A key under `simulation:`. The one table of them feeds the loader, `loopsim explain` and the documentation.
struct SimulationKey {
  std::string_view path;  ///< "levels.NAME.size"; a part in capitals stands for any name
  SimulationValueType type = SimulationValueType::integer;
  std::string_view unit;  ///< empty where a value has none
  std::string_view default_text;
  std::string_view meaning;
  std::int64_t least = 0;  ///< smallest value allowed
  std::vector<std::string_view> words;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// All keys, in the order of the documentation.
const std::vector<SimulationKey>& simulation_keys();

/// "integer", "ideal | bandwidth | …": what to write as the value.
std::string type_text(const SimulationKey& key);

/// The keys that a user may mean: exact paths with or without `simulation.` and with real names in place of NAME, or
/// everything below a path.
std::vector<const SimulationKey*> find_simulation_keys(std::string_view path);

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

/// Reads the map under `simulation:`; whether names exist is for others to check.
std::vector<SimulationSetting> read_simulation(const DocumentNode& simulation, Diagnostics& diagnostics);

}  // namespace loopsim
