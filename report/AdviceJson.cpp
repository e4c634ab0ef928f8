#include "report/AdviceJson.hpp"

#include <utility>

#include "report/counters/CounterTables.hpp"

namespace loopsim {

nlohmann::ordered_json advice_json(const BoundTree& tree, const CaseResult& result) {
  nlohmann::ordered_json advice;
  if (result.measurement && result.measurement->noc.more_networks) {
    add_counters(advice, network_advice_counters(), *result.measurement->noc.more_networks);
  }
  if (!result.layout_advice) return advice;
  add_counters(advice, layout_advice_counters(), *result.layout_advice);
  advice["layouts"] = nlohmann::ordered_json::array();
  for (const AdvisedLayout& layout : result.layout_advice->layouts) {
    nlohmann::ordered_json entry = {{"tensor", tree.graph.tensors[layout.tensor].name}, {"layout", layout.layout}};
    add_counters(entry, advised_layout_counters(), layout);
    advice["layouts"].push_back(std::move(entry));
  }
  return advice;
}

}  // namespace loopsim
