#include "report/AdviceJson.hpp"

namespace loopsim {

nlohmann::ordered_json advice_json(const BoundTree& tree, const CaseResult& result) {
  nlohmann::ordered_json advice;
  if (result.measurement && result.measurement->noc.more_networks) {
    const NocCounters::MoreNetworks& more = *result.measurement->noc.more_networks;
    advice["networks"] = more.networks;
    advice["networks_save"] = more.saved_cycles;
  }
  if (!result.layout_advice) return advice;
  advice["layouts_save"] = result.layout_advice->saved_cycles;
  advice["layouts"] = nlohmann::ordered_json::array();
  for (const AdvisedLayout& layout : result.layout_advice->layouts) {
    advice["layouts"].push_back({
        {"tensor", tree.graph.tensors[layout.tensor].name},
        {"layout", layout.layout},
        {"cycles", layout.cycles},
    });
  }
  return advice;
}

}  // namespace loopsim
