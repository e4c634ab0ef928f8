#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace loopsim::generator {

struct CampaignPlan {
  std::filesystem::path program;
  std::uint64_t first = 1;  ///< seed
  int count = 300;
  std::filesystem::path keep;  ///< inputs that failed are left here; empty: nowhere
};

/// What came of the inputs.
struct CampaignReport {
  int inputs = 0;
  int refused = 0;  ///< for space, mesh or retention, on some rung
  int ran = 0;
  std::map<std::string, int> features;  ///< how many of those that ran have each
  std::map<std::string, int> refusals;  ///< by the rung that refused
  double longest_seconds = 0;           ///< CPU time of a run
  std::uint64_t longest_seed = 0;
  std::vector<std::string> failures;  ///< a line each: seed, rung, what
  std::vector<std::string> slower;    ///< inputs that took longer with more of something
  int doubled = 0;                    ///< how many were tried for that
};

/// Each input on every rung, with what must hold besides the exit codes.
CampaignReport run_campaign(const CampaignPlan& plan);

/// The shares as text.
std::string describe(const CampaignReport& report);

}  // namespace loopsim::generator
