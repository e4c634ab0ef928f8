#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/generator/RandomInput.hpp"

namespace loopsim::generator {

/// What came of one input.
struct TrialResult {
  std::vector<std::string> refused_on;                      ///< rungs, for space, mesh or retention
  std::vector<std::pair<std::string, std::string>> faults;  ///< what, and where it shows
  double longest_seconds = 0;                               ///< CPU time of a run
  bool doubled = false;                                     ///< was also tried with twice as much of something
  std::string slower;                                       ///< by what it took longer then
};

/// Runs an input on every rung and checks what must hold besides the exit codes. Some checks take turns: `turn`
/// chooses.
TrialResult try_input(const std::filesystem::path& program, const RandomInput& input, std::uint64_t turn);

}  // namespace loopsim::generator
