#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runs/CaseResult.hpp"
#include "sim/machine/Simulate.hpp"

namespace loopsim {

/// What the ladder keeps of one simulation. It comes from a process of its own, as JSON.
struct RungResult {
  Fidelity rung = Fidelity::ideal;
  bool only = false;  ///< SimulationOptions::only
  std::int64_t cycles = 0;
  std::int64_t macs = 0;
  std::vector<BridgeEntry> bridge;  ///< from the estimate's cycles to these
  std::int64_t unexplained = 0;     ///< metrics of the comparison
  std::optional<std::int64_t> checked_words;
  std::int64_t wrong_words = 0;
  std::vector<std::string> warnings;  ///< of the models
  nlohmann::ordered_json document;    ///< stats.json; null unless it was asked for
  std::string csv;                    ///< stats.csv; empty likewise

  bool agrees() const { return unexplained == 0 && wrong_words == 0; }
};

/// "noc", or "only noc" for its effect alone.
std::string rung_name(Fidelity rung, bool only);

RungResult rung_result(const CaseResult& result);

nlohmann::ordered_json to_json(const RungResult& result);
/// Throws nlohmann::json::exception if that is not what to_json made.
RungResult rung_result_from(const nlohmann::ordered_json& json);

}  // namespace loopsim
