#include "tests/generator/CheckStats.hpp"

#include <cmath>
#include <map>

namespace loopsim::generator {

namespace {

using nlohmann::json;

struct Faults {
  std::vector<std::string> found;

  void equal(const std::string& what, long long left, long long right) {
    if (left != right) found.push_back(what + ": " + std::to_string(left) + " and " + std::to_string(right));
  }
};

long long sum(const json& values) {
  long long total = 0;
  for (const auto& item : values.items()) total += item.value().get<long long>();
  return total;
}

/// Every cycle of a stage is in one row; finer causes are parts of theirs, and all of it where nothing else can be.
void check_rows(Faults& faults, const json& simulation, const std::string& fidelity) {
  const long long cycles = simulation.at("cycles");
  for (const json& row : simulation.at("accounting")) {
    const std::string stage = row.at("stage");
    long long total = sum(row.at("stall"));
    for (const char* state : {"compute", "ramp", "drain", "idle"}) {
      const long long in_state = row.at(state);
      if (in_state < 0) faults.found.push_back("negative " + std::string(state) + " of " + stage);
      total += in_state;
    }
    faults.equal("rows of " + stage, total, cycles);
    faults.equal("total of " + stage, row.at("total"), cycles);
    std::map<std::string, long long> details;
    for (const auto& detail : row.at("detail").items()) {
      const long long amount = detail.value();
      if (amount < 0) faults.found.push_back("negative " + detail.key() + " of " + stage);
      details[detail.key().substr(0, detail.key().find('.'))] += amount;
    }
    for (const auto& stall : row.at("stall").items()) {
      const long long whole = stall.value();
      if (whole < 0) faults.found.push_back("negative stall." + stall.key() + " of " + stage);
      if (details[stall.key()] > whole)
        faults.equal("details above stall." + stall.key() + " of " + stage, details[stall.key()], whole);
      if (stall.key() == "noc" && fidelity == "noc")
        faults.equal("details of stall.noc of " + stage, details["noc"], whole);
    }
  }
}

void check_bridge(Faults& faults, const json& stats) {
  long long total = stats.at("estimate").at("cycles");
  for (const json& entry : stats.at("bridge")) total += entry.at("cycles").get<long long>();
  faults.equal("bridge", total, stats.at("simulation").at("cycles"));
}

/// What both sides have in common adds up on each.
void check_side(Faults& faults, const json& side, const std::string& name) {
  long long operations = 0;
  for (const auto& einsum : side.at("einsums").items()) operations += einsum.value().at("ops").get<long long>();
  faults.equal("operations of " + name, operations, side.at("macs"));
  std::map<std::string, long long> reads, writes;
  for (const json& access : side.at("accesses")) {
    reads[access.at("level_name")] += access.value("reads", 0LL);
    writes[access.at("level_name")] += access.value("writes", 0LL);
  }
  for (const auto& level : side.at("levels").items()) {
    faults.equal("reads of " + level.key() + ", " + name, reads[level.key()], level.value().at("reads"));
    faults.equal("writes of " + level.key() + ", " + name, writes[level.key()], level.value().at("writes"));
  }
  double energy = 0;
  for (const json& entry : side.at("energy")) energy += entry.at("pj").get<double>();
  const double whole = side.at("energy_pj");
  if (!(std::abs(energy - whole) <= 1e-9 * std::abs(whole))) faults.found.push_back("energy of " + name);
}

void check_comparison(Faults& faults, const json& comparison) {
  for (const json& entry : comparison) {
    const std::string metric = entry.at("metric");
    if (entry.at("verdict") == "unexplained") faults.found.push_back("unexplained " + metric);
    if (entry.at("verdict") != "explained" || metric == "energy_pj") continue;
    long long causes = 0;
    for (const json& cause : entry.at("causes")) causes += cause.at("amount").get<long long>();
    faults.equal("causes of " + metric, causes, entry.at("delta"));
  }
}

}  // namespace

std::vector<std::string> wrong_sums(const json& stats, const std::string& fidelity) {
  Faults faults;
  const json& simulation = stats.at("simulation");
  if (stats.at("fidelity") != fidelity) faults.found.emplace_back("another rung was run");
  check_rows(faults, simulation, fidelity);
  check_bridge(faults, stats);
  check_side(faults, stats.at("estimate"), "the estimate");
  check_side(faults, simulation, "the simulation");
  check_comparison(faults, stats.at("comparison"));
  const json& functional = simulation.at("functional");
  if (functional.is_null() || functional.at("checked").get<long long>() == 0) {
    faults.found.emplace_back("no output was checked");
  } else if (functional.at("mismatches") != 0) {
    faults.found.emplace_back("wrong outputs");
  }
  return faults.found;
}

std::vector<std::string> differences(const json& one, const json& other, const std::vector<std::string>& parts) {
  std::vector<std::string> found;
  for (const std::string& part : parts) {
    if (!one.contains(part) || !other.contains(part) || one.at(part) != other.at(part)) found.push_back(part);
  }
  return found;
}

}  // namespace loopsim::generator
