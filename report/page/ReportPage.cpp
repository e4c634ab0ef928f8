#include "report/page/ReportPage.hpp"

#include <fmt/format.h>
#include <memory>
#include <optional>

#include "report/page/CycleFigures.hpp"
#include "report/page/DifferenceTable.hpp"
#include "report/page/EnergyFigure.hpp"
#include "report/page/Figure.hpp"
#include "report/page/LimitTable.hpp"
#include "report/page/MachineFigures.hpp"
#include "report/page/MemoryFigures.hpp"
#include "report/page/MeshFigure.hpp"
#include "report/page/ReportScale.hpp"
#include "report/page/ResourceFigure.hpp"
#include "report/page/RooflineFigure.hpp"
#include "report/page/RunsTable.hpp"
#include "report/page/SummaryCards.hpp"
#include "report/page/TimelineFigures.hpp"
#include "report/page/TreeFigure.hpp"
#include "report/svg/Markup.hpp"
#include "report/svg/PageStyle.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

/// A kind of chart; the page has it once for each run that has its data.
struct Section {
  const char* id;
  std::optional<Figure> (*figure)(const RunFolder&, const ReportScale&);
};

constexpr Section sections[] = {
    {"stages", stage_figure},        {"bridge", bridge_figure},      {"ladder", ladder_figure},
    {"details", detail_figure},      {"resources", resource_figure}, {"tiles", tile_figure},
    {"occupancy", occupancy_figure}, {"roofline", roofline_figure},  {"energy", energy_figure},
    {"bandwidth", bandwidth_figure}, {"rows", dram_figure},          {"hits", row_figure},
    {"banks", bank_figure},          {"mesh", mesh_figure},          {"links", link_figure},
    {"tree", tree_figure},
};

std::string kind_of(const Json& stats) {
  if (!stats.contains("simulation")) return "estimate alone";
  const std::string rung = stats.at("fidelity");
  return (stats.value("only", false) ? "only " : "fidelity ") + rung;
}

std::string heading(const RunFolder& run) {
  return "<h3>" + escaped(run.name) + "</h3>\n";
}

std::string overview(const RunFolder& run) {
  std::string inputs;
  for (const Json& input : run.stats.at("inputs")) inputs += " " + input.at("path").get<std::string>();
  const Json& tool = run.stats.at("tool");
  const std::string commit = tool.at("git");
  std::string text = "<div class=\"run\">" + heading(run);
  text += fmt::format("<p class=\"source\">{}; {}; loopsim {}{}</p>\n", escaped(inputs.empty() ? "" : inputs.substr(1)),
                      escaped(kind_of(run.stats)), escaped(tool.at("version").get<std::string>()),
                      commit.empty() ? "" : " (" + escaped(commit) + ")");
  text += summary_cards(run) + limit_table(run);
  const Json& warnings = run.stats.at("warnings");
  if (!warnings.empty()) {
    text += "<div class=\"warnings\"><p>Warnings of the run:</p><ul>\n";
    for (const Json& warning : warnings) text += "<li>" + escaped(warning.get<std::string>()) + "</li>\n";
    text += "</ul></div>\n";
  }
  return text + "</div>\n";
}

/// The page stays small: the CSV has all rows.
constexpr std::size_t most_rows_shown = 100;

/// A table that is not behind a chart.
std::string table_block(const std::string& id, const std::string& title, const char* style, const DataTable& table) {
  return fmt::format(
      "<p><a download=\"{0}.csv\" href=\"{1}\">{0}.csv</a></p>\n<div class=\"{2}\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{3}\">{4}</div>\n",
      id, escaped(data_address("text/csv", csv_text(table))), style, escaped(title),
      table_markup(table, title, most_rows_shown));
}

/// Several runs in one table.
std::string runs_markup(const std::vector<RunFolder>& runs) {
  if (runs.size() < 2) return "";
  const char* const title = "The runs side by side";
  return fmt::format(
      "<section id=\"runs\">\n<h2>{}</h2>\n<p class=\"source\">Differences are to the first run.</p>\n{}</section>\n",
      title, table_block("runs", title, "scroll whole", runs_table(runs)));
}

/// What simulation and estimate do not agree on.
std::string differences_markup(const std::vector<RunFolder>& runs) {
  const std::string title = "Where simulation and estimate differ";
  std::string tables;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const DataTable table = difference_table(runs[i]);
    if (table.rows.empty()) continue;
    const std::string name = runs.size() > 1 ? title + ": " + runs[i].name : title;
    tables += "<div class=\"run\">" + (runs.size() > 1 ? heading(runs[i]) : "") +
              table_block(fmt::format("differences-{}", i + 1), name, "scroll small", table) + "</div>\n";
  }
  if (tables.empty()) return "";
  return fmt::format(
      "<section id=\"differences\">\n<h2>{}</h2>\n<p class=\"source\">Metrics of both sides that are not equal. The "
      "causes "
      "of an explained one sum exactly to its difference.</p>\n<div class=\"runs\">\n{}</div>\n</section>\n",
      title, tables);
}

std::string section_markup(const Section& section, const std::vector<RunFolder>& runs, const ReportScale& scale) {
  std::string title;
  std::string figures;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::optional<Figure> figure = section.figure(runs[i], scale);
    if (!figure) continue;
    title = figure->title;
    figure->id = fmt::format("{}-{}", section.id, i + 1);
    if (runs.size() > 1) figure->title += ": " + runs[i].name;
    figures += "<div class=\"run\">" + (runs.size() > 1 ? heading(runs[i]) : "") + figure_markup(*figure) + "</div>\n";
  }
  if (figures.empty()) return "";
  return fmt::format("<section id=\"{0}\">\n<h2>{1}</h2>\n<div class=\"runs\">\n{2}</div>\n</section>\n", section.id,
                     escaped(title), figures);
}

std::string page_title(const std::vector<RunFolder>& runs) {
  return runs.size() == 1 ? "Loopsim: " + runs.front().name : fmt::format("Loopsim: {} runs", runs.size());
}

[[noreturn]] void fail(const RunFolder& run, const std::string& reason) {
  Diagnostics diagnostics;
  diagnostics.error({}, fmt::format("{}/stats.json is not as this version writes it: {}; run the inputs again, "
                                    "such as the resolved.yaml beside it",
                                    run.name, reason));
  throw InputError(std::move(diagnostics));
}

/// All fields of a run are read once, so that a page is not begun with a broken one.
void check(const RunFolder& run) {
  try {
    const ReportScale scale = scale_of({run});
    overview(run);
    difference_table(run);
    for (const Section& section : sections) section.figure(run, scale);
  } catch (const Json::exception& error) {
    // "[json.exception.out_of_range.403] key 'noc' not found": the library's own name of it helps nobody.
    const std::string reason = error.what();
    const std::size_t text = reason.find("] ");
    fail(run, text == std::string::npos ? reason : reason.substr(text + 2));
  }
}

}  // namespace

std::string report_page(const std::vector<RunFolder>& runs) {
  for (const RunFolder& run : runs) check(run);
  const ReportScale scale = scale_of(runs);
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
      "data:\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n"
      "<main>\n<h1>{}</h1>\n{}<section id=\"summary\">\n<h2>Summary</h2>\n<div class=\"runs\">\n",
      escaped(page_title(runs)), drawing_style(), page_style(), escaped(page_title(runs)), runs_markup(runs));
  for (const RunFolder& run : runs) text += overview(run);
  text += "</div>\n</section>\n";
  for (const Section& section : sections) text += section_markup(section, runs, scale);
  text += differences_markup(runs);
  return text + "</main>\n</body>\n</html>\n";
}

}  // namespace loopsim
