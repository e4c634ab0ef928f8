#pragma once

#include "mapping/BoundTree.hpp"
#include "runs/CaseResult.hpp"

namespace loopsim::test {

/// Two einsums A -> B -> C on DRAM, Buffer, MACs, made by hand.
BoundTree sample_tree();

/// Figures that differ from field to field, so that a mixed-up one shows.
CaseResult sample_result();

/// The same with what the rungs `dram` and `glb` count besides.
CaseResult sample_result_with_banks();

/// The same with all else that a run may have: ports that are too slow, a network, values, advice, a model.
CaseResult sample_result_with_everything();

Provenance sample_provenance();

}  // namespace loopsim::test
