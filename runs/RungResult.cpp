#include "runs/RungResult.hpp"

#include <algorithm>

#include "arch/FidelityName.hpp"

namespace loopsim {

std::string rung_name(Fidelity rung, bool only) {
  return std::string(only ? "only " : "") + fidelity_word(rung);
}

RungResult rung_result(const CaseResult& result) {
  RungResult kept;
  kept.rung = result.fidelity.value();
  kept.only = result.only;
  const Measurement& measurement = result.measurement.value();
  kept.cycles = measurement.cycles;
  kept.macs = measurement.macs;
  const Comparison& comparison = result.comparison.value();
  kept.bridge = comparison.bridge;
  kept.unexplained = std::count_if(comparison.entries.begin(), comparison.entries.end(),
                                   [](const ComparisonEntry& entry) { return entry.verdict == Verdict::unexplained; });
  if (measurement.functional) {
    kept.checked_words = measurement.functional->checked;
    kept.wrong_words = measurement.functional->mismatches;
  }
  kept.warnings = all_warnings(result, Provenance());
  return kept;
}

nlohmann::ordered_json to_json(const RungResult& result) {
  auto bridge = nlohmann::ordered_json::array();
  for (const BridgeEntry& entry : result.bridge) bridge.push_back({entry.cause, entry.cycles});
  nlohmann::ordered_json json = {
      {"rung", static_cast<int>(result.rung)},
      {"only", result.only},
      {"cycles", result.cycles},
      {"macs", result.macs},
      {"bridge", std::move(bridge)},
      {"unexplained", result.unexplained},
      {"checked_words", nullptr},
      {"wrong_words", result.wrong_words},
      {"warnings", result.warnings},
      {"document", result.document},
      {"csv", result.csv},
  };
  if (result.checked_words) json["checked_words"] = *result.checked_words;
  return json;
}

RungResult rung_result_from(const nlohmann::ordered_json& json) {
  RungResult result;
  result.rung = static_cast<Fidelity>(json.at("rung").get<int>());
  result.only = json.at("only").get<bool>();
  result.cycles = json.at("cycles").get<std::int64_t>();
  result.macs = json.at("macs").get<std::int64_t>();
  for (const auto& entry : json.at("bridge")) {
    result.bridge.push_back({entry.at(0).get<std::string>(), entry.at(1).get<std::int64_t>()});
  }
  result.unexplained = json.at("unexplained").get<std::int64_t>();
  if (!json.at("checked_words").is_null()) result.checked_words = json.at("checked_words").get<std::int64_t>();
  result.wrong_words = json.at("wrong_words").get<std::int64_t>();
  result.warnings = json.at("warnings").get<std::vector<std::string>>();
  result.document = json.at("document");
  result.csv = json.at("csv").get<std::string>();
  return result;
}

}  // namespace loopsim
