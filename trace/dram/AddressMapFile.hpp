#pragma once

#include <filesystem>

#include "sim/observe/RunObserver.hpp"

namespace loopsim {

/// Writes dram_map.csv: where each tensor lies in main memory.
void write_address_map(const std::filesystem::path& folder, const ObservedRun& run);

/// Throws InputError unless main memory has addresses, which it has from the rung `dram` on.
void require_addresses(const ObservedRun& run, const char* trace);

}  // namespace loopsim
