#include "models/looptree/factored/MomentPairs.hpp"

namespace loopsim {

std::vector<MomentPair> moment_pairs(const FactoredWords& words, std::size_t factor, const FactorTable& table,
                                     LoopPlace advanced) {
  const std::size_t depth = words.loop_at(advanced).depth;
  std::uint64_t inside = 1;  // combinations of the digits of loops inside
  for (const FactorLoop& loop : words.factors[factor].loops) {
    if (loop.role == IndexRole::time && loop.depth > depth) inside *= loop.radix;
  }
  const std::vector<std::uint64_t>& times = table.times;
  std::vector<MomentPair> pairs;
  if (factor == advanced.factor) {
    const std::uint64_t own = words.loop_at(advanced).radix;
    for (std::size_t t = 1; t < times.size(); ++t) {
      const std::uint64_t now = times[t] / inside;
      const std::uint64_t before = times[t - 1] / inside;
      if (now != before && now / own == before / own) pairs.push_back({t, t - 1});
    }
    return pairs;
  }
  for (std::size_t t = 0; t < times.size(); ++t) {
    if (pairs.empty() || times[t] / inside != times[pairs.back().now] / inside) pairs.push_back({t, t});
    pairs.back().before = t;
  }
  return pairs;
}

}  // namespace loopsim
