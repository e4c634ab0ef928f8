#pragma once

#include <string>
#include <vector>

#include "report/page/RunFolder.hpp"

namespace loopsim {

/// What main memory can move at most.
struct MemoryRoof {
  std::string name;
  double bytes_per_cycle = 0;  ///< of the core clock
};

/// The bandwidth that the machine states, then the peak of the DRAM part from the rung `dram` on. The run has a tree.
/// Also says in `note` what is missing.
std::vector<MemoryRoof> memory_roofs(const RunFolder& run, std::string& note);

}  // namespace loopsim
