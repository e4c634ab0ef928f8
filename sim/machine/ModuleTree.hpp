#pragma once

#include <string>

namespace loopsim {

/// The modules of the current SystemC kernel as it sees them, which must have elaborated: each with its kind, processes
/// and ports, and what these are bound to. A line each, indented by depth.
std::string module_tree();

}  // namespace loopsim
