#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

/// A word that a table, stats.json or the report prints, and what it means.
struct GlossaryEntry {
  std::string_view kind;  ///< "state of a stage", "cause of the comparison", …
  std::string_view word;
  std::string_view meaning;
  std::string_view page;  ///< of the documentation
};

/// All words, but for causes that explain themselves in cause_text() alone.
const std::vector<GlossaryEntry>& glossary();

/// The entries of a word as it is printed: what stands behind a colon ("reads:1/W/Conv1", "glb.port:GLB.read/W/Conv1")
/// is left out, and a stall's "stall." may be. Several where a word has several meanings.
std::vector<GlossaryEntry> explain_word(std::string_view text);

}  // namespace loopsim
