#pragma once

#include <map>

#include "mapping/BoundTree.hpp"
#include "sim/checks/FitCheck.hpp"
#include "sim/pe_array/ArrayPlacement.hpp"
#include "sim/schedule/Schedule.hpp"

namespace loopsim {

/// What a machine executes: a bound mapping, its stages and einsums with what depends on what, the arrays' places in
/// the mesh of PEs, and what it needs of the machine at least. Refers to mapping and schedule, which must live as long.
struct Program {
  const BoundTree* tree = nullptr;
  const Schedule* schedule = nullptr;
  Requirements needed;
  ArrayPlacement placement;
};

Program make_program(const BoundTree& tree, const Schedule& schedule, Requirements needed);

}  // namespace loopsim
