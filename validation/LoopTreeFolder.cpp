#include "validation/LoopTreeFolder.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "base/TextFile.hpp"
#include "inputs/Inputs.hpp"
#include "runs/RunCase.hpp"
#include "validation/TaskAnswer.hpp"
#include "validation/ValidationData.hpp"

namespace loopsim {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// One case of the folder.
struct Pair {
  std::string name;
  std::shared_ptr<const SourceText> input;
  std::shared_ptr<const SourceText> expected;
};

std::vector<Pair> pairs_in(const fs::path& folder) {
  Diagnostics diagnostics;
  const SourcePosition where{std::make_shared<SourceText>(SourceText{folder.string(), ""}), 0, 0};
  if (!fs::is_directory(folder)) {
    diagnostics.error(where, "there is no such folder");
    throw MissingInputError(diagnostics);
  }
  std::vector<Pair> pairs;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    fs::path expected = file.path();
    expected.replace_extension(".expected.json");
    pairs.push_back(
        {file.path().stem().string(), read_required_file(file.path(), {true}), read_required_file(expected, {true})});
  }
  if (pairs.empty()) {
    diagnostics.error(where, "the folder has no case: expected NAME.yaml beside NAME.expected.json");
    throw InputError(diagnostics);
  }
  return pairs;
}

std::vector<Pair> built_in_pairs(const std::string& folder) {
  std::vector<Pair> pairs;
  for (const ValidationFile& file : validation_files()) {
    const std::string path(file.name);
    if (path.rfind(folder + "/", 0) != 0 || fs::path(path).extension() != ".yaml") continue;
    const std::string stem = path.substr(0, path.size() - 5);
    pairs.push_back({fs::path(stem).filename(), validation_file(path), validation_file(stem + ".expected.json")});
  }
  return pairs;
}

/// Counts the figures that are as expected and keeps the first that is not.
class Tally {
 public:
  template <class T>
  void check(const std::string& what, const T& got, const Json& wanted) {
    ++all_;
    if (Json(got) == wanted) {
      ++equal_;
    } else if (first_.empty()) {
      first_ = what;
    }
  }
  int all() const { return all_; }
  int equal() const { return equal_; }
  const std::string& first() const { return first_; }

 private:
  int all_ = 0;
  int equal_ = 0;
  std::string first_;
};

void check_einsums(const BoundTree& tree, const Measures& measures, const Json& expected, Tally& tally) {
  for (const auto& [name, wanted] : expected.at("einsums").items()) {
    EinsumMeasures got;
    for (std::size_t e = 0; e < tree.graph.einsums.size(); ++e) {
      if (tree.graph.einsums[EinsumId(e)].name == name) got = measures.einsums[EinsumId(e)];
    }
    tally.check("ops of " + name, got.ops, wanted.at("ops"));
    tally.check("recomputed ops of " + name, got.ops - got.space_ops, wanted.at("recomputed_ops"));
    tally.check("steps of " + name, got.steps, wanted.at("temporal_steps"));
    tally.check("ops per tile of " + name, got.ops_per_tile, wanted.at("ops_per_tile"));
    tally.check("steps per tile of " + name, got.steps_per_tile, wanted.at("steps_per_tile"));
  }
}

/// `excused`: metrics that differ from the estimate for a reason the comparison gives.
void check_accesses(const BoundTree& tree, const Measures& measures, const std::set<std::string>& excused,
                    const Json& expected, Tally& tally) {
  std::map<std::string, const AccessMeasures*> found;
  for (const AccessMeasures& access : measures.accesses) {
    found[fmt::format("{}/{}/{}", access.level.value, tree.graph.tensors[access.tensor].name,
                      tree.graph.einsums[access.einsum].name)] = &access;
  }
  const AccessMeasures none;
  const auto each = [&](const char* metric, const auto& value_of) {
    for (const auto& [name, wanted] : expected.at(metric).items()) {
      if (excused.count(std::string(metric) + ":" + name) != 0) continue;
      const auto access = found.find(name);
      tally.check(std::string(metric) + " of " + name, value_of(access == found.end() ? none : *access->second),
                  wanted);
    }
  };
  each("reads", [](const AccessMeasures& a) { return a.reads; });
  each("writes", [](const AccessMeasures& a) { return a.writes; });
  each("fills", [](const AccessMeasures& a) { return a.fills; });
  each("max_occupancy", [](const AccessMeasures& a) { return a.max_occupancy; });
  const auto each_series = [&](const char* metric, const auto& series_of) {
    for (const auto& [name, wanted] : expected.at(metric).items()) {
      if (name[0] > '1') continue;  // series end at the PE array
      const auto access = found.find(name);
      const auto series = access == found.end() ? std::nullopt : series_of(*access->second);
      tally.check(std::string(metric) + " of " + name, series ? Json(*series) : Json(), wanted);
    }
  };
  each_series("fill_series", [](const AccessMeasures& a) { return a.fill_series; });
  each_series("occupancy_series", [](const AccessMeasures& a) { return a.occupancy_series; });
}

Json tally_json(const Tally& tally, std::int64_t cycles) {
  return {{"all", tally.all()}, {"equal", tally.equal()}, {"first", tally.first()}, {"cycles", cycles}};
}

Json expected_of(const Pair& pair) {
  try {
    return Json::parse(pair.expected->text);
  } catch (const Json::exception& error) {
    Diagnostics diagnostics;
    diagnostics.error({pair.expected}, error.what());
    throw InputError(diagnostics);
  }
}

Json checked(const Pair& pair) {
  const Json expected = expected_of(pair);
  const Inputs inputs = load_inputs_from({pair.input});
  Diagnostics diagnostics;
  const BoundTree tree = bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
  const CaseResult result = run_case(tree, SimulationOptions{});
  std::set<std::string> excused;
  Tally estimate;
  Tally simulation;
  for (const ComparisonEntry& entry : result.comparison->entries) {
    if (entry.verdict == Verdict::explained) excused.insert(entry.metric);
    if (entry.verdict == Verdict::unexplained) simulation.check("unexplained: " + entry.metric, 1, 0);
  }
  check_einsums(tree, result.estimate.measures, expected, estimate);
  check_einsums(tree, result.measurement->measures, expected, simulation);
  check_accesses(tree, result.estimate.measures, {}, expected, estimate);
  check_accesses(tree, result.measurement->measures, excused, expected, simulation);
  for (const auto& [level, words] : expected.at("capacity").items()) {
    estimate.check("capacity of level " + level, result.estimate.required_words[LevelId(std::stoul(level))], words);
  }
  return {{"latency", expected.at("latency_steps")},
          {"estimate", tally_json(estimate, result.estimate.compute_cycles)},
          {"simulation", tally_json(simulation, result.measurement->cycles)}};
}

std::vector<ValidationRow> rows_of(const ValidationCase& c, const Pair& pair, const ForkedOutcome& outcome) {
  const Json answer = answer_of(outcome, fmt::format("case {}, {}", c.name, pair.name));
  ValidationRow cycles;
  cycles.case_name = c.name;
  cycles.row = pair.name;
  cycles.metric = "cycles";
  cycles.bar.kind = Bar::Kind::exact;
  ValidationRow estimated = cycles;
  ValidationRow simulated = cycles;
  cycles.published = answer["latency"].get<double>();
  cycles.estimate = answer["estimate"]["cycles"].get<double>();
  cycles.simulation = answer["simulation"]["cycles"].get<double>();
  judge(cycles);
  const auto figures = [&](ValidationRow& row, const char* side, std::optional<double> ValidationRow::*figure) {
    const Json& tally = answer[side];
    const auto first = tally["first"].get<std::string>();
    row.metric = fmt::format("equal figures of the {}{}", side, first.empty() ? "" : "; not " + first);
    row.published = tally["all"].get<double>();
    row.*figure = tally["equal"].get<double>();
    judge(row);
  };
  figures(estimated, "estimate", &ValidationRow::estimate);
  figures(simulated, "simulation", &ValidationRow::simulation);
  return {cycles, estimated, simulated};
}

}  // namespace

ValidationPlan plan_looptree_folder(const ValidationCase& c, const std::optional<std::string>& data) {
  Diagnostics diagnostics;
  MapReader reader(*c.document, "a case of kind 'looptree'", diagnostics);
  accept_common_keys(reader);
  std::string folder;
  if (const auto node = reader.required("data")) folder = read_text(*node, "data", diagnostics).value_or("");
  reader.finish();
  throw_errors(diagnostics);
  std::vector<Pair> pairs = data ? pairs_in(*data) : built_in_pairs(folder);
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.name < b.name; });
  ValidationPlan plan;
  for (const Pair& pair : pairs) {
    plan.tasks.emplace_back([pair] { return answer_text([&pair] { return checked(pair); }); });
  }
  plan.rows = [c, pairs](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      for (ValidationRow& row : rows_of(c, pairs[i], outcomes[i])) rows.push_back(std::move(row));
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
