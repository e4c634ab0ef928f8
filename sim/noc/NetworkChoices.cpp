#include "sim/noc/NetworkChoices.hpp"

#include <algorithm>

#include "arch/topologies/TopologyTable.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t most_vcs = 4;  ///< of a class

/// Deepest first. Those that a shallower buffer has are among those of a deeper one.
std::vector<std::int64_t> depths_of(std::int64_t buffer, std::int64_t loop, std::int64_t longest) {
  const std::int64_t enough = std::max(loop, longest);
  std::vector<std::int64_t> depths;
  if (buffer >= 2 * enough && longest > loop) depths.push_back(2 * enough);
  const std::int64_t least = std::max((loop + 1) / 2, longest);
  for (std::int64_t depth = std::min(buffer, enough + loop); depth >= least; --depth) depths.push_back(depth);
  return depths.empty() ? std::vector{buffer} : depths;
}

}  // namespace

std::int64_t credit_loop(const RouterDelays& delays) {
  return (delays.grant_to_arrival() + delays.vc_allocation + delays.link + delays.credit).value;
}

std::vector<MeshSettings> network_choices(const MeshSettings& settings, std::int64_t longest) {
  std::vector<MeshSettings> choices;
  MeshSettings choice = settings;
  const std::int64_t classes = find_topology(settings.topology)->channel_classes;
  for (choice.vcs = std::min(settings.vcs, most_vcs * classes); choice.vcs >= classes; --choice.vcs) {
    for (const std::int64_t depth : depths_of(settings.buffer, credit_loop(settings.delays), longest)) {
      choice.buffer = depth;
      choices.push_back(choice);
    }
  }
  return choices;
}

}  // namespace loopsim
