#pragma once

#include <string>

#include "mapping/BoundTree.hpp"
#include "runs/CaseResult.hpp"
#include "runs/Ladder.hpp"

namespace loopsim {

/// The numbers of a case as a tidy table, one value a row:
/// `run,einsum,component,instance,tensor,action,metric,value,unit`.
///
/// `run` is "estimate" or the rung of the ladder ("only noc" for one effect alone); a column that does not apply is
/// empty. `instance` is a storage node
/// ("node0", …) where a memory holds a tensor, or a stage where the array's cycles are accounted for. Series are in
/// stats.json only.
std::string stats_csv(const BoundTree& tree, const CaseResult& result);

/// The rows of a ladder, to follow that table.
std::string ladder_rows(const Ladder& ladder);

}  // namespace loopsim
