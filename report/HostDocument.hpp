#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace loopsim {

/// What a run cost the computer it ran on.
struct HostMeasures {
  std::vector<std::string> command_line;
  std::vector<std::string> files;  ///< written into the folder of this document, with itself
  std::string host;
  std::string system;  ///< name, release and machine of the operating system
  unsigned processors = 0;
  double wall_seconds = 0;
  double cpu_seconds = 0;              ///< user and system, with children that have ended
  std::int64_t peak_memory_bytes = 0;  ///< resident
};

/// The measures of this process up to now.
HostMeasures measure_host(std::vector<std::string> command_line, std::chrono::steady_clock::time_point start);

/// What was simulated in that time.
struct SimulatedWork {
  std::int64_t cycles = 0;
  std::int64_t macs = 0;
};

/// The document `host.json`.
nlohmann::ordered_json host_document(const HostMeasures& measures, const std::optional<SimulatedWork>& work);

}  // namespace loopsim
