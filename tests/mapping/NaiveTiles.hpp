#pragma once

#include <map>
#include <vector>

#include "mapping/BoundTree.hpp"
#include "tests/mapping/Points.hpp"

namespace loopsim {

/// What each wanted einsum does in one iteration of the indices above a position.
struct NaiveIteration {
  std::vector<Coordinate> indices;
  std::map<EinsumId, Points> operations;
};

/// Tile inference word for word: operations are single points, what an iteration requires of an intermediate is kept
/// for every iteration, and the prior ones are found by looking at all of them:
///
///   Req_X(t)  = words of X that the consumers' operations of iteration t reach
///   Prior(t)  = { t' : t'_1..k-1 = t_1..k-1 and t'_k = t_k - 1 }  and  { t' : t'_1..k = t_1..k and t' comes earlier }
///   Comp_X(t) = Req_X(t) minus all Req_X of Prior(t); without a retention level k, all of Req_X(t)
///   T_p(t)    = operations of the producer that write a word of Comp_X(t)
///
/// once for each branch above the position, every time within the tiles of the one before. What another group reads and
/// no iteration has required is made in the last iteration.
std::vector<NaiveIteration> naive_tiles(const BoundTree& tree, NodeId position, const std::vector<EinsumId>& wanted);

}  // namespace loopsim
