#include "tests/generator/Campaign.hpp"

#include <algorithm>
#include <fstream>

#include "tests/generator/InputTrial.hpp"
#include "tests/generator/RandomInput.hpp"

namespace loopsim::generator {

namespace {

void count_features(CampaignReport& report, const RandomInput& input) {
  const auto count = [&](const char* name, bool has) { report.features[name] += has ? 1 : 0; };
  count("pipelines", input.tree.pipeline);
  count("spatial loops", input.tree.spatial);
  count("private levels", input.tree.private_level);
  count("padding", input.pads);
  count("strides", input.strides);
  count("loops above a branch", input.tree.loops_above_branch);
  count("spatial loops above a branch", input.tree.spatial_above_branch);
  count("nested branches", input.tree.nested_branches);
  count("several nodes of a tensor", input.tree.several_nodes);
  count("ragged tiles", input.tree.ragged);
  count("finite memories", input.sized);
}

void keep_input(const std::filesystem::path& folder, const RandomInput& input) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : input.files) std::ofstream(folder / name) << text;
  std::ofstream words(folder / "words");
  for (const std::string& word : input.words) words << word << '\n';
}

}  // namespace

CampaignReport run_campaign(const CampaignPlan& plan) {
  CampaignReport report;
  for (int i = 0; i < plan.count; ++i) {
    const std::uint64_t seed = plan.first + static_cast<std::uint64_t>(i);
    const std::string name = "seed " + std::to_string(seed) + " ";
    const RandomInput input = random_input(seed);
    const TrialResult result = try_input(plan.program, input, seed);
    ++report.inputs;
    for (const std::string& rung : result.refused_on) ++report.refusals[rung];
    if (result.refused_on.empty()) {
      ++report.ran;
      count_features(report, input);
    } else {
      ++report.refused;
    }
    if (result.longest_seconds > report.longest_seconds) {
      report.longest_seconds = result.longest_seconds;
      report.longest_seed = seed;
    }
    report.doubled += result.doubled ? 1 : 0;
    if (!result.slower.empty()) report.slower.push_back(name + result.slower);
    if (!result.faults.empty() && !plan.keep.empty()) keep_input(plan.keep / std::to_string(seed), input);
    for (const auto& [what, where] : result.faults) {
      report.failures.push_back(name + "(" + where + "): " + what);
      if (!plan.keep.empty())
        std::ofstream(plan.keep / "failures.txt", std::ios::app) << report.failures.back() << '\n';
    }
  }
  return report;
}

std::string describe(const CampaignReport& report) {
  std::string text = std::to_string(report.inputs) + " inputs, " + std::to_string(report.ran) + " ran, " +
                     std::to_string(report.refused) + " refused\n";
  for (const auto& [rung, count] : report.refusals)
    text += "  refused on " + rung + ": " + std::to_string(count) + "\n";
  for (const auto& [name, count] : report.features) {
    text += "  " + name + ": " + std::to_string(100 * count / std::max(1, report.ran)) + " %\n";
  }
  text += "  longest run: " + std::to_string(report.longest_seconds) + " s of CPU time, seed " +
          std::to_string(report.longest_seed) + "\n  slower with more: " + std::to_string(report.slower.size()) +
          " of " + std::to_string(report.doubled) + "\n";
  for (const std::string& line : report.slower) text += "    " + line + "\n";
  return text;
}

}  // namespace loopsim::generator
