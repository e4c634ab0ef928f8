#include "report/page/RunFolder.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "base/TextFile.hpp"
#include "inputs/Inputs.hpp"
#include "report/StatsDocument.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr ReadLimits largest_stats{true, std::size_t(1) << 30};

/// Line and column of a byte.
SourcePosition position_of(const std::shared_ptr<const SourceText>& source, std::size_t byte) {
  const std::string_view before = std::string_view(source->text).substr(0, byte);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
  return {source, static_cast<int>(line) + 1, static_cast<int>(column) + 1};
}

/// Null and an error if it is not a document of this program.
Json parse_stats(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics) {
  Json stats;
  try {
    stats = Json::parse(source->text);
  } catch (const Json::parse_error& error) {
    diagnostics.error(position_of(source, error.byte > 0 ? error.byte - 1 : 0), "expected JSON; is the file cut off?");
    return nullptr;
  }
  const SourcePosition whole{source, 0, 0};
  if (!stats.is_object() || !stats.contains("schema_version")) {
    diagnostics.error(whole, "expected a stats.json as 'loopsim run -o' writes it: there is no schema_version");
    return nullptr;
  }
  if (stats["schema_version"] != stats_schema_version) {
    diagnostics.error(
        whole, fmt::format("expected schema_version {}, got {}", stats_schema_version, stats["schema_version"].dump()));
    return nullptr;
  }
  return stats;
}

/// A folder of a stranger may hold pipes and devices.
bool is_there(const fs::path& path, Diagnostics& diagnostics) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_regular_file(status)) return true;
  if (fs::exists(status)) {
    diagnostics.error({std::make_shared<SourceText>(SourceText{path.string(), ""}), 0, 0}, "expected a regular file");
  }
  return false;
}

BoundTree read_tree(const std::string& path) {
  const Inputs inputs = load_inputs({path});
  // What is worth a warning was one in the run already.
  Diagnostics diagnostics;
  return bind_mapping(inputs.graph, inputs.architecture, inputs.tree, inputs.bindings, diagnostics);
}

/// A trace.json that an earlier run left behind would tell of another machine. Found if it is longer than the run.
void check_timeline(const RunFolder& run, const fs::path& path, Diagnostics& diagnostics) {
  if (!run.timeline || !run.tree || !run.stats.is_object()) return;
  // Whether the document is sound is found out elsewhere.
  const Json* const simulation = run.stats.contains("simulation") ? &run.stats["simulation"] : nullptr;
  if (simulation == nullptr || !simulation->is_object() || !simulation->contains("cycles")) return;
  const Json& cycles = (*simulation)["cycles"];
  if (!cycles.is_number()) return;
  const double period = 1e12 / static_cast<double>(run.tree->architecture.clock_hz);
  const double end = (cycles.get<double>() + 1) * period;
  for (const RecordedTimeline::Track& track : run.timeline->tracks) {
    if (track.slices.empty() || static_cast<double>(track.slices.back().end.value) <= end) continue;
    diagnostics.error({std::make_shared<SourceText>(SourceText{path.string(), ""}), 0, 0},
                      "the timeline is of another run: it lasts longer than the cycles of stats.json; remove it");
    return;
  }
}

/// Appends the errors of what `read` does to `diagnostics`.
template <class Read>
auto collect(Diagnostics& diagnostics, const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const InputError& error) {
    diagnostics.append(error.diagnostics);
    return std::nullopt;
  }
}

}  // namespace

std::vector<RunFolder> read_run_folders(const std::vector<std::string>& folders) {
  std::vector<RunFolder> runs;
  Diagnostics diagnostics;
  bool all_there = true;
  for (const std::string& folder : folders) {
    RunFolder run;
    run.name = folder;
    const fs::path path(folder);
    bool missing = false;
    const auto source = read_text_file((path / "stats.json").string(), diagnostics, missing, largest_stats);
    if (missing) {
      all_there = false;
      diagnostics.note({}, "expected a folder that 'loopsim run', 'ladder' or 'estimate' wrote with -o");
    }
    if (source) run.stats = parse_stats(source, diagnostics);
    if (is_there(path / "resolved.yaml", diagnostics)) {
      run.tree = collect(diagnostics, [&path] { return read_tree((path / "resolved.yaml").string()); });
    }
    if (is_there(path / "trace.json", diagnostics)) {
      run.timeline = collect(diagnostics, [&path] { return read_timeline(path / "trace.json"); });
      check_timeline(run, path / "trace.json", diagnostics);
    }
    runs.push_back(std::move(run));
  }
  if (!all_there) throw MissingInputError(diagnostics);
  if (diagnostics.has_errors()) throw InputError(diagnostics);
  return runs;
}

}  // namespace loopsim
