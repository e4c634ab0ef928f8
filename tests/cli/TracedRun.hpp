#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {

/// The workloads there, one of each kind of mapping.
extern const std::vector<std::string> small_presets;

/// A run with traces, and what it left.
struct Traced {
  TemporaryFolder folder;
  ProgramOutcome outcome;
  std::string text(const std::string& name) const { return text_of(folder.path() / name); }
  nlohmann::ordered_json stats() const { return nlohmann::ordered_json::parse(text("stats.json")); }
  bool has(const std::string& name) const { return std::filesystem::exists(folder.path() / name); }
};

/// On the small machine; the run must be good.
std::unique_ptr<Traced> trace(const std::string& workload, const std::string& rung,
                              const std::vector<std::string>& traces, const std::vector<std::string>& more = {});

}  // namespace loopsim
