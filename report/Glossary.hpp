#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/counters/CounterText.hpp"

namespace loopsim {

/// A word that a table, stats.json or the report prints, and what it means.
struct GlossaryEntry {
  std::string_view kind;  ///< "state of a stage", "cause of the comparison", …
  std::string_view word;
  std::string_view meaning;
  std::string_view page;                ///< of the documentation
  std::string_view unit = {};           ///< of a counter; empty for other words, and for ratios
  std::vector<std::string> paths = {};  ///< of a counter in stats.json
};

/// The entry of a counter; it refers to the texts of `counter`.
GlossaryEntry entry_of(const CounterText& counter);

/// All words, those of counters from their tables (report/counters), but for causes that explain themselves in
/// cause_text() alone.
const std::vector<GlossaryEntry>& glossary();

/// The entries of a word as it is printed: what stands behind a colon ("reads:1/W/Conv1", "glb.port:GLB.read/W/Conv1")
/// is left out, and a stall's "stall." may be. Of a counter its field in stats.json will do. Several where a word has
/// several meanings; a colon only stands after metrics and causes.
std::vector<GlossaryEntry> explain_word(std::string_view text);

}  // namespace loopsim
