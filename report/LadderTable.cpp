#include "report/LadderTable.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "arch/FidelityName.hpp"
#include "base/CellText.hpp"
#include "base/NumberText.hpp"
#include "report/CaseTable.hpp"
#include "report/TableLines.hpp"

namespace loopsim {
namespace {

constexpr std::size_t name_width = 14;
constexpr std::size_t number_width = 14;
constexpr std::size_t share_width = 9;

/// A number has a blank in front however long it is.
std::string number_cell(std::string_view text, std::size_t width = number_width) {
  return " " + right_cell(text, width - 1);
}

struct Cells {
  std::string name;
  std::string cycles;
  std::string added;
  std::string share;
  std::string alone;
  std::string cause_cycles;
  std::string cause;
};

void add_row(TableLines& lines, const Cells& cells) {
  lines.add(fmt::format("  {}{}{}{}{}{}  {}", left_cell(cells.name, name_width), number_cell(cells.cycles),
                        number_cell(cells.added), number_cell(cells.share, share_width), number_cell(cells.alone),
                        number_cell(cells.cause_cycles), cells.cause));
}

std::string change_text(std::int64_t cycles) {
  return cycles == 0 ? "=" : grouped_signed(cycles);
}

void add_rung(TableLines& lines, const LadderRung& rung, std::int64_t estimate) {
  std::vector<BridgeEntry> causes = rung.causes;
  std::stable_sort(causes.begin(), causes.end(),
                   [](const BridgeEntry& a, const BridgeEntry& b) { return std::abs(a.cycles) > std::abs(b.cycles); });
  Cells cells;
  cells.name = rung_name(rung.rung, rung.only);
  cells.cycles = grouped(rung.cycles);
  cells.added = change_text(rung.added);
  if (rung.added != 0) cells.share = percentage(static_cast<double>(rung.added), static_cast<double>(estimate));
  if (rung.alone) cells.alone = change_text(*rung.alone);
  std::size_t shown = 0;
  do {
    if (shown < causes.size()) {
      cells.cause_cycles = grouped_signed(causes[shown].cycles);
      cells.cause = causes[shown].cause;
    }
    add_row(lines, cells);
    cells = {};
    ++shown;
  } while (shown < causes.size());
}

void add_disagreements(TableLines& lines, const std::vector<RungResult>& results) {
  std::int64_t checked = 0;
  std::int64_t wrong = 0;
  std::size_t functional_runs = 0;
  for (const RungResult& result : results) {
    if (!result.checked_words) continue;
    ++functional_runs;
    checked += *result.checked_words;
    wrong += result.wrong_words;
  }
  if (functional_runs > 0) {
    lines.heading(fmt::format("Computed values of {}: {} checked, {} wrong",
                              counted(static_cast<std::int64_t>(functional_runs), "simulation"),
                              counted(checked, "output word"), grouped(wrong)));
  }
  if (std::all_of(results.begin(), results.end(), [](const RungResult& result) { return result.agrees(); })) return;
  lines.blank();
  for (const RungResult& result : results) {
    if (result.agrees()) continue;
    lines.add(fmt::format("UNEXPLAINED or wrong on {}: {}, {}; loopsim run {} {} shows them",
                          rung_name(result.rung, result.only), counted(result.unexplained, "metric"),
                          counted(result.wrong_words, "word"), result.only ? "--only" : "--fidelity",
                          fidelity_word(result.rung)));
  }
}

}  // namespace

std::string ladder_table(const BoundTree& tree, const Ladder& ladder, const std::vector<RungResult>& results,
                         const std::vector<Estimate>& models, const Provenance& provenance, std::size_t warnings) {
  TableLines lines;
  add_case_title(lines, tree, provenance, "ladder");
  lines.blank();
  add_row(lines, {"rung", "cycles", "added", "of est.", "alone", "of added", "cause"});
  add_row(lines, {"estimate", grouped(ladder.estimate), "", "", "", "", ""});
  for (const Estimate& model : models) {
    add_row(lines, {model.model, model.cycles ? grouped(*model.cycles) : "-", "", "", "", "", ""});
  }
  for (const LadderRung& rung : ladder.rungs) add_rung(lines, rung, ladder.estimate);
  add_disagreements(lines, results);
  add_warning_count(lines, warnings);
  return lines.take();
}

}  // namespace loopsim
