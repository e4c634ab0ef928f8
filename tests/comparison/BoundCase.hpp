#pragma once

#include <string>
#include <vector>

#include "mapping/BoundTree.hpp"

namespace loopsim {

/// Loads and binds input files; throws InputError with what is wrong.
BoundTree bound_case(const std::vector<std::string>& files, const std::vector<std::string>& overrides = {});

/// A golden case by name.
std::string golden_file(const std::string& name);
BoundTree golden_case(const std::string& name, const std::vector<std::string>& overrides = {});

/// By name; throws when there is none.
TensorId tensor_named(const BoundTree& tree, const std::string& name);
EinsumId einsum_named(const BoundTree& tree, const std::string& name);

}  // namespace loopsim
