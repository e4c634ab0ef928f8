#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/Ids.hpp"

namespace loopsim {

/// Figures of one memory, by a model; words are totals over its instances. Absent is what the model does not know.
struct LevelEstimate {
  std::optional<std::int64_t> cycles;          ///< that its ports need
  std::optional<std::int64_t> reads;           ///< words
  std::optional<std::int64_t> writes;          ///< words
  std::optional<std::int64_t> fills;           ///< words that become part of a tile
  std::optional<std::int64_t> required_words;  ///< capacity, of one instance
};

/// Figures of a mapping that any analytical model may have, so that models stand beside each other and beside the
/// simulation. Absent is what the model does not know, or does not know of this mapping; `warnings` then say why.
struct Estimate {
  std::string model;                     ///< AnalyticalModel::name
  std::vector<std::string> assumptions;  ///< a clause each
  std::optional<std::int64_t> cycles;
  std::optional<std::int64_t> compute_cycles;  ///< as if memories were infinitely fast
  std::optional<std::int64_t> macs;            ///< operations of all einsums
  std::optional<double> energy_pj;
  IdVector<LevelId, LevelEstimate> levels;  ///< one for each memory, outermost first
  std::vector<std::string> warnings;
};

}  // namespace loopsim
