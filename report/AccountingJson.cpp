#include "report/AccountingJson.hpp"

#include <string>
#include <utility>

namespace loopsim {

namespace {

using Json = nlohmann::ordered_json;

Json ports_json(const std::vector<PortNeed>& needs) {
  Json all = Json::array();
  for (const PortNeed& need : needs) {
    all.push_back({
        {"cause", std::string("stall.") + to_string(need.cause)},
        {"port", need.port},
        {"tensor", need.tensor},
        {"einsum", need.einsum},
        {"cycles", need.cycles},
        {"rounding", need.rounding},
        {"step_words", need.step_words},
        {"port_words", need.port_words},
    });
  }
  return all;
}

}  // namespace

nlohmann::ordered_json accounting_json(const std::vector<StageAccount>& stages) {
  Json all = Json::array();
  for (const StageAccount& stage : stages) {
    Json stall = Json::object();
    for (std::size_t i = 0; i < stall_causes; ++i) stall[to_string(static_cast<StallCause>(i))] = stage.stall[i];
    Json detail = Json::object();
    for (const auto& [cause, cycles] : stage.detail) detail[cause] = cycles;
    all.push_back({
        {"stage", stage.stage},
        {"compute", stage.compute},
        {"ramp", stage.ramp},
        {"drain", stage.drain},
        {"idle", stage.idle},
        {"stall", std::move(stall)},
        {"detail", std::move(detail)},
        {"total", stage.total()},
        {"ports", ports_json(stage.ports)},
    });
  }
  return all;
}

}  // namespace loopsim
