#include "report/TrafficTable.hpp"

#include <fmt/format.h>
#include <map>
#include <string>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"

namespace loopsim {
namespace {

// What is spelled out unless all is asked for.
constexpr std::size_t most_levels = 6;
constexpr std::size_t most_tensors = 10;
/// Main memory and the global buffer; what lies further in belongs to a PE.
constexpr std::size_t shared_levels = 2;

constexpr std::size_t label_width = 22;
constexpr std::size_t number_width = 18;

struct Traffic {
  std::int64_t reads = 0;
  std::int64_t writes = 0;
};

std::map<TensorId, Traffic> traffic_by_tensor(const Measures& measures, LevelId level) {
  std::map<TensorId, Traffic> traffic;
  for (const AccessMeasures& access : measures.accesses) {
    if (access.level != level) continue;
    traffic[access.tensor].reads += access.reads;
    traffic[access.tensor].writes += access.writes;
  }
  return traffic;
}

void add_row(TableLines& lines, const std::string& label, const Traffic& estimated, const Traffic* simulated) {
  std::string text = "  " + left_cell(label, label_width);
  auto both = [&](std::int64_t estimate, std::int64_t simulation) {
    text += right_cell(grouped(estimate), number_width);
    if (simulated != nullptr) text += right_cell(estimate == simulation ? "=" : grouped(simulation), number_width);
  };
  both(estimated.reads, simulated != nullptr ? simulated->reads : 0);
  both(estimated.writes, simulated != nullptr ? simulated->writes : 0);
  lines.add(text);
}

void add_headings(TableLines& lines, bool both) {
  lines.heading("Words read and written");
  auto columns = [&](std::initializer_list<const char*> names) {
    std::string text(2 + label_width, ' ');
    for (const char* name : names) text += right_cell(name, number_width);
    lines.add(text);
  };
  if (both) {
    columns({"reads: estimate", "simulation", "writes: estimate", "simulation"});
  } else {
    columns({"reads", "writes"});
  }
}

void add_tensors(TableLines& lines, const BoundTree& tree, LevelId level, const Measures& estimated,
                 const Measures* simulated, bool all) {
  const auto estimate = traffic_by_tensor(estimated, level);
  auto simulation = simulated != nullptr ? traffic_by_tensor(*simulated, level) : std::map<TensorId, Traffic>();
  std::size_t shown = 0;
  for (const auto& [tensor, traffic] : estimate) {
    if (!all && shown == most_tensors) break;
    ++shown;
    add_row(lines, "  " + tree.graph.tensors[tensor].name, traffic,
            simulated != nullptr ? &simulation[tensor] : nullptr);
  }
  lines.left_out(estimate.size() - shown, "tensors");
}

}  // namespace

void add_traffic(TableLines& lines, const BoundTree& tree, const Measures& estimated, const Measures* simulated,
                 bool all) {
  add_headings(lines, simulated != nullptr);
  const auto& memories = tree.architecture.memories;
  std::size_t shown = 0;
  for (; shown < memories.size() && (all || shown < most_levels); ++shown) {
    const LevelId level(shown);
    const Traffic estimate = {estimated.levels[level].reads, estimated.levels[level].writes};
    Traffic simulation;
    if (simulated != nullptr) simulation = {simulated->levels[level].reads, simulated->levels[level].writes};
    add_row(lines, memories[shown].name, estimate, simulated != nullptr ? &simulation : nullptr);
    if (all || shown < shared_levels) add_tensors(lines, tree, level, estimated, simulated, all);
  }
  lines.left_out(memories.size() - shown, "memories");
}

}  // namespace loopsim
