#pragma once

#include "sim/pe_array/ArrayPoint.hpp"
#include "sim/pe_array/StepDemand.hpp"
#include "sim/pe_array/WordShare.hpp"

namespace loopsim {

/// Words that exist, moved by one visit of a point through the ports above and below it.
struct VisitDemand {
  /// From or to one instance of the parent.
  struct Parent {
    Place instance;
    std::int64_t distinct = 0;       ///< words, each once for all instances that take it
    std::int64_t first_updates = 0;  ///< of those, words that begin here and so are not read
    BankLines read_lines;            ///< of a parent with banks; empty = none
    BankLines written_lines;         ///< outputs
    std::vector<WordShare> shares;   ///< of all these words, if they are sent as packets
  };
  std::vector<Parent> parents;
  // Into the busiest instance of the point itself:
  std::int64_t max_fill = 0;   ///< words written: fetched, or taken from a neighbour
  std::int64_t max_peers = 0;  ///< words a neighbour reads for it
  std::int64_t max_own = 0;    ///< words not taken from a neighbour; outputs: drained later
};

/// The step's demand: inputs are read above and written below; outputs are written above, read first unless they begin.
DemandId demand_of(const VisitDemand& visit, const ArrayPoint& point, DemandTable& demands);

/// Adds the visit's line accesses to the counts of its point.
void count_lines(const VisitDemand& visit, ArrayTraffic& traffic);

}  // namespace loopsim
