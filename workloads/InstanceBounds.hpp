#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/Document.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

/// The coordinates low <= r < high of one dimension, and where they are given.
struct InstanceBounds {
  Coordinate low = 0;
  Coordinate high = 0;
  SourcePosition where;
};

/// Reads `instance`, a map from dimension to extent or a text of relations. For each of `dimensions` its bounds, or
/// nothing and an error. `unknown`: what to say of another name.
std::vector<std::optional<InstanceBounds>> read_instance(const DocumentNode& instance,
                                                         const std::vector<std::string>& dimensions,
                                                         const std::function<std::string(const std::string&)>& unknown,
                                                         Diagnostics& diagnostics);

}  // namespace loopsim
