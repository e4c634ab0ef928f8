#include "report/LayoutTable.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "base/NumberText.hpp"

namespace loopsim {
namespace {

constexpr std::size_t most_layouts = 6;

struct SlowLayout {
  const LayoutCounters* simulated = nullptr;
  const LayoutSlowdown* closed = nullptr;

  std::int64_t cost() const { return simulated->bank_cycles - simulated->steps; }
};

const LayoutSlowdown* closed_form_of(const LoopTreeEstimate& estimate, const LayoutCounters& counters) {
  const auto found = std::find_if(estimate.layout.begin(), estimate.layout.end(), [&](const LayoutSlowdown& layout) {
    return layout.einsum == counters.einsum && layout.tensor == counters.tensor;
  });
  return found == estimate.layout.end() ? nullptr : &*found;
}

/// Costliest first, of each tensor only that.
std::vector<SlowLayout> slow_layouts(const LoopTreeEstimate& estimate, const BankCounters& banks) {
  std::vector<SlowLayout> all;
  for (const LayoutCounters& counters : banks.layout) {
    const SlowLayout layout{&counters, closed_form_of(estimate, counters)};
    if (layout.cost() > 0 || (layout.closed != nullptr && layout.closed->slowdown < 1)) all.push_back(layout);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const SlowLayout& a, const SlowLayout& b) { return a.cost() > b.cost(); });
  std::vector<SlowLayout> worst;
  for (const SlowLayout& layout : all) {
    const bool known = std::any_of(worst.begin(), worst.end(), [&](const SlowLayout& other) {
      return other.simulated->tensor == layout.simulated->tensor;
    });
    if (!known) worst.push_back(layout);
  }
  return worst;
}

}  // namespace

void add_layouts(TableLines& lines, const BoundTree& tree, const LoopTreeEstimate& estimate,
                 const Measurement& measurement) {
  if (!measurement.glb.banks) return;
  const std::vector<SlowLayout> layouts = slow_layouts(estimate, *measurement.glb.banks);
  if (layouts.empty()) return;
  lines.heading("Steps slowed by layouts: pace that is left");
  lines.row("", "closed form", "simulation", "");
  for (std::size_t i = 0; i < std::min(layouts.size(), most_layouts); ++i) {
    const LayoutCounters& simulated = *layouts[i].simulated;
    lines.row(
        fmt::format("{} in {}", tree.graph.tensors[simulated.tensor].name, tree.graph.einsums[simulated.einsum].name),
        layouts[i].closed != nullptr ? fmt::format("{:.3f}", layouts[i].closed->slowdown) : "",
        fmt::format("{:.3f}", static_cast<double>(simulated.steps) / static_cast<double>(simulated.bank_cycles)),
        fmt::format("{}, +{}", counted(simulated.steps, "step"), counted(layouts[i].cost(), "cycle")));
  }
  lines.left_out(layouts.size() - std::min(layouts.size(), most_layouts), "layouts");
}

}  // namespace loopsim
