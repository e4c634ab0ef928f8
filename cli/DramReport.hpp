#pragma once

#include <string>

#include "sim/dram/DramMemory.hpp"

namespace loopsim {

/// What a trace did, as a JSON document or as a table.
std::string dram_json(const DramMemory& memory);
std::string dram_table(const DramMemory& memory);

}  // namespace loopsim
