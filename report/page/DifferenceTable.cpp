#include "report/page/DifferenceTable.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/NumberText.hpp"
#include "report/CauseText.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

std::string amount_text(const Json& amount) {
  if (amount.is_number_integer()) return grouped_signed(amount.get<std::int64_t>());
  return fmt::format("{:+.6g}", amount.get<double>());
}

/// "shared_fill -200,704 (one fetch serves several einsums)".
std::string causes_text(const Json& causes) {
  std::string text;
  for (const Json& cause : causes) {
    const std::string name = cause.at("name");
    const std::string_view meaning = cause_text(name);
    if (!text.empty()) text += "; ";
    text += name + " " + amount_text(cause.at("amount"));
    if (!meaning.empty()) text += fmt::format(" ({})", meaning);
  }
  return text;
}

}  // namespace

DataTable difference_table(const RunFolder& run) {
  DataTable table;
  table.columns = {"metric", "estimate", "simulation", "difference", "verdict", "causes"};
  if (!run.stats.contains("comparison")) return table;
  for (const Json& entry : run.stats["comparison"]) {
    if (entry.at("verdict") == "equal") continue;
    table.rows.push_back({entry.at("metric"), entry.at("estimate"), entry.at("simulation"), entry.at("delta"),
                          entry.at("verdict"), causes_text(entry.at("causes"))});
  }
  std::stable_partition(table.rows.begin(), table.rows.end(), [](const auto& row) { return row[4] == "unexplained"; });
  return table;
}

}  // namespace loopsim
