#include "report/page/SummaryCards.hpp"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "base/NumberText.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

struct Card {
  std::string title;
  std::string main;
  std::vector<std::string> lines;
};

/// The side that counts: the simulation where there is one.
const Json& best_side(const Json& stats) {
  return stats.contains("simulation") ? stats["simulation"] : stats.at("estimate");
}

std::string beside_estimate(double estimate, double value) {
  if (estimate == value) return "as estimated";
  const std::string share = percentage(value - estimate, estimate);
  return (value > estimate ? "+" : "") + share + " to the estimate";
}

Card cycles_card(const RunFolder& run) {
  const Json& estimate = run.stats.at("estimate");
  const auto estimated = estimate.at("cycles").get<std::int64_t>();
  const std::string bound = "estimate bound by " + estimate.at("bound_by").get<std::string>();
  if (!run.stats.contains("simulation")) return {"Cycles, estimated", grouped(estimated), {bound}};
  const auto simulated = run.stats["simulation"].at("cycles").get<std::int64_t>();
  return {"Cycles, simulated",
          grouped(simulated),
          {"estimate " + grouped(estimated),
           beside_estimate(static_cast<double>(estimated), static_cast<double>(simulated)), bound}};
}

Card energy_card(const RunFolder& run) {
  const double estimated = run.stats.at("estimate").at("energy_pj");
  if (!run.stats.contains("simulation")) return {"Energy, estimated", energy_text(estimated), {}};
  const double simulated = run.stats["simulation"].at("energy_pj");
  return {"Energy, simulated", energy_text(simulated), {"estimate " + energy_text(estimated)}};
}

Card operations_card(const RunFolder& run) {
  const Json& side = best_side(run.stats);
  const auto macs = side.at("macs").get<std::int64_t>();
  const auto cycles = side.at("cycles").get<std::int64_t>();
  std::int64_t recomputed = 0;
  for (const Json& einsum : side.at("einsums")) recomputed += einsum.at("recomputed_ops").get<std::int64_t>();
  Card card{"Operations", grouped(macs), {}};
  if (cycles > 0)
    card.lines.push_back(fmt::format("{:.1f} a cycle", static_cast<double>(macs) / static_cast<double>(cycles)));
  card.lines.push_back(recomputed == 0 ? "none recomputed" : grouped(recomputed) + " recomputed");
  return card;
}

Card level_card(const std::string& name, const Json& level) {
  Card card{name, "", {}};
  const auto words = level.at("reads").get<std::int64_t>() + level.at("writes").get<std::int64_t>();
  card.main = grouped(words) + " words";
  card.lines.push_back(grouped(level["reads"].get<std::int64_t>()) + " read, " +
                       grouped(level["writes"].get<std::int64_t>()) + " written");
  const bool simulated = level.contains("peak_words");
  if (!level.at("size_words").is_null()) {
    const auto size = level["size_words"].get<std::int64_t>();
    const auto held = level.at(simulated ? "peak_words" : "required_words").get<std::int64_t>();
    card.lines.push_back(fmt::format("{} {} of {}", simulated ? "peak" : "needs",
                                     percentage(static_cast<double>(held), static_cast<double>(size)), grouped(size)));
  }
  return card;
}

Card verdict_card(const Json& comparison) {
  std::map<std::string, int> counts;
  for (const Json& entry : comparison) ++counts[entry.at("verdict").get<std::string>()];
  return {"Estimate against simulation",
          fmt::format("{} unexplained", counts["unexplained"]),
          {fmt::format("{} equal, {} explained", counts["equal"], counts["explained"])}};
}

Card functional_card(const Json& functional) {
  return {"Computed values",
          fmt::format("{} wrong", grouped(functional.at("mismatches").get<std::int64_t>())),
          {grouped(functional.at("checked").get<std::int64_t>()) + " checked"}};
}

std::vector<Card> cards_of(const RunFolder& run) {
  std::vector<Card> cards = {cycles_card(run)};
  if (run.tree) {
    const auto hertz = static_cast<double>(run.tree->architecture.clock_hz);
    const double seconds = best_side(run.stats).at("cycles").get<double>() / hertz;
    cards.push_back({"Time", time_text(seconds, 0), {fmt::format("at {:.6g} MHz", hertz / 1e6)}});
  }
  cards.push_back(energy_card(run));
  cards.push_back(operations_card(run));
  for (const auto& [name, level] : best_side(run.stats).at("levels").items()) cards.push_back(level_card(name, level));
  if (run.stats.contains("comparison")) cards.push_back(verdict_card(run.stats["comparison"]));
  const Json& side = best_side(run.stats);
  if (side.contains("functional") && !side["functional"].is_null())
    cards.push_back(functional_card(side["functional"]));
  return cards;
}

}  // namespace

std::string summary_cards(const RunFolder& run) {
  std::string text = "<dl class=\"cards\">\n";
  for (const Card& card : cards_of(run)) {
    text += fmt::format("<div><dt>{}</dt><dd class=\"main\">{}</dd>", escaped(card.title), escaped(card.main));
    for (const std::string& line : card.lines) text += "<dd>" + escaped(line) + "</dd>";
    text += "</div>\n";
  }
  return text + "</dl>\n";
}

}  // namespace loopsim
