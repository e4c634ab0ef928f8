#include "models/table/Estimates.hpp"

#include <utility>

#include "models/looptree/LoopTreeModel.hpp"

namespace loopsim {

Estimates estimates_of(const BoundTree& tree, const std::vector<AnalyticalModel>& models) {
  Estimates result;
  result.looptree = estimate(tree);
  const std::string looptree = looptree_model().name;
  for (AnalyticalModel model : models) {
    if (model.name != looptree) {
      result.chosen.push_back(evaluate(model, tree));
      continue;
    }
    Estimate known = shared_figures(result.looptree);
    known.model = model.name;
    known.assumptions = std::move(model.assumptions);
    result.chosen.push_back(std::move(known));
  }
  return result;
}

}  // namespace loopsim
