#include "report/page/LimitTable.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "base/NumberText.hpp"
#include "report/CauseText.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

struct Limit {
  std::string cause;
  std::int64_t cycles = 0;
};

/// The critical path: the bridge has its waits; the rest of the run was computing.
std::vector<Limit> limits_of(const Json& stats) {
  std::vector<Limit> limits;
  std::int64_t computing = stats.at("simulation").at("cycles").get<std::int64_t>();
  for (const Json& entry : stats.at("bridge")) {
    const std::string cause = entry.at("cause");
    const auto cycles = entry.at("cycles").get<std::int64_t>();
    if (cause.rfind("stall.", 0) != 0) continue;
    computing -= cycles;
    if (cycles > 0) limits.push_back({cause, cycles});
  }
  limits.push_back({"computing", computing});
  std::stable_sort(limits.begin(), limits.end(), [](const Limit& a, const Limit& b) { return a.cycles > b.cycles; });
  return limits;
}

/// "; of the stages' waits most is glb.bank_conflict (12 %)": the largest finer cause.
std::string finer_cause(const Json& stats, const std::string& cause) {
  const std::string prefix = cause.substr(std::string("stall.").size()) + ".";
  std::map<std::string, std::int64_t> sums;
  for (const Json& stage : stats.at("simulation").at("accounting")) {
    for (const auto& [name, cycles] : stage.at("detail").items()) {
      if (name.rfind(prefix, 0) == 0) sums[name] += cycles.get<std::int64_t>();
    }
  }
  const auto most =
      std::max_element(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == sums.end() || most->second == 0) return "";
  return fmt::format("; most of it {}", most->first);
}

/// What decides `cause` on this rung, by the keys of docs/simulation-keys.md.
std::string remedy(const Json& stats, const std::string& cause) {
  const Json& simulation = stats.at("simulation");
  const bool has_part = !simulation.at("dram").at("row_hits").is_null();
  const bool has_banks = !simulation.at("glb").at("bank_busy_cycles").is_null();
  const bool has_network = !simulation.at("noc").at("flits").is_null();
  if (cause == "computing")
    return "spatial loops that use more of the array; less recomputation; a larger simulation.pe.mesh";
  if (cause == "stall.dram") {
    return std::string("tensors kept on the chip or fused; simulation.prefetch; ") +
           (has_part ? "simulation.dram.channels, .mapping, .part" : "simulation.levels.NAME.bandwidth, .latency");
  }
  if (cause == "stall.glb") {
    return has_banks ? "simulation.tensors.NAME.layout, .first_bank; simulation.levels.NAME.banks, .bank_ports"
                     : "reuse nearer to the array; simulation.levels.NAME.bandwidth, .latency";
  }
  if (cause == "stall.noc") {
    return has_network ? "simulation.noc.networks, .flit, .buffer_ports; spatial loops that share more words"
                       : "simulation.noc.bandwidth, .latency; spatial loops that share more words";
  }
  if (cause == "stall.space") return "smaller tiles, or fewer tensors held; simulation.levels.NAME.size";
  if (cause == "stall.writeback") return "simulation.levels.NAME.early_write_back, .bandwidth, .size";
  return "simulation.pe.operation_latency; stages of a pipeline that take equally long";
}

std::string meaning(const Json& stats, const std::string& cause) {
  if (cause == "computing") return "steps of the array";
  return std::string(cause_text(cause)) + finer_cause(stats, cause);
}

}  // namespace

std::string limit_table(const RunFolder& run) {
  if (!run.stats.contains("bridge")) return "";
  const auto cycles = run.stats.at("simulation").at("cycles").get<double>();
  std::string text =
      "<div class=\"scroll whole\" tabindex=\"0\" role=\"region\" aria-label=\"What the run's cycles were spent "
      "on\"><table "
      "class=\"limits\">\n<caption>What the cycles were spent on, along the chain of events that ended last</caption>\n"
      "<thead><tr><th scope=\"col\">cause</th><th scope=\"col\">cycles</th><th scope=\"col\">share</th><th "
      "scope=\"col\">meaning</th><th scope=\"col\">what changes it</th></tr></thead><tbody>\n";
  for (const Limit& limit : limits_of(run.stats)) {
    text += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(limit.cause), grouped(limit.cycles), escaped(percentage(static_cast<double>(limit.cycles), cycles)),
        escaped(meaning(run.stats, limit.cause)), escaped(remedy(run.stats, limit.cause)));
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace loopsim
