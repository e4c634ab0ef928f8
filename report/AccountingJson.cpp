#include "report/AccountingJson.hpp"

#include <string>
#include <utility>

#include "report/counters/CounterTables.hpp"

namespace loopsim {

namespace {

using Json = nlohmann::ordered_json;

Json ports_json(const std::vector<PortNeed>& needs) {
  Json all = Json::array();
  for (const PortNeed& need : needs) {
    Json entry = {
        {"cause", std::string("stall.") + to_string(need.cause)},
        {"port", need.port},
        {"tensor", need.tensor},
        {"einsum", need.einsum},
    };
    add_counters(entry, port_counters(), need);
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace

nlohmann::ordered_json accounting_json(const std::vector<StageAccount>& stages) {
  Json all = Json::array();
  for (const StageAccount& stage : stages) {
    Json entry = {{"stage", stage.stage}};
    add_counters(entry, stage_counters(), stage);
    add_counters(entry["stall"] = Json::object(), stall_counters(), stage);
    Json& detail = entry["detail"] = Json::object();
    for (const CauseCycles& cause : stage.detail) {
      detail[cause.first] = value_of(stage_detail_counters(), cause);
    }
    add_counters(entry, stage_total_counters(), stage);
    entry["ports"] = ports_json(stage.ports);
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace loopsim
