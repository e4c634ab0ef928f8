#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/observe/RunObserver.hpp"

namespace loopsim {

/// A port of a memory, as an RTL kit numbers it, or an array.
struct RtlPort {
  std::string name;
  std::int64_t bits_per_kilocycle = 0;  ///< that it moves at most in 1000 core cycles, rounded up; 0 = no limit known
};

/// Ports of the memories outside the array, then the arrays.
struct RtlPorts {
  std::vector<RtlPort> ports;
  std::vector<std::size_t> read;   ///< by level; the same as `write` where one port serves both
  std::vector<std::size_t> write;  ///< by level
  std::size_t first_array = 0;     ///< the array of stage s is `first_array` + s
};

/// On a rung with DRAM channels main memory's limit is the peak rate of all of them. Banks have none.
RtlPorts rtl_ports(const ObservedRun& run);

}  // namespace loopsim
