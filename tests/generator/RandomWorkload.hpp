#pragma once

#include "tests/generator/Dice.hpp"
#include "tests/generator/Workload.hpp"

namespace loopsim::generator {

/// A graph of one to eight einsums: a piece of an image network, of a transformer, or arithmetic with broadcasts.
Workload random_workload(Dice& dice);

}  // namespace loopsim::generator
