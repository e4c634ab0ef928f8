#include "tests/generator/InputTrial.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/TemporaryFolder.hpp"
#include "tests/generator/CheckStats.hpp"
#include "tests/generator/ProgramRun.hpp"

namespace loopsim::generator {

namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr double most_seconds = 8;
const Words rungs = {"ideal", "bandwidth", "dram", "glb", "noc"};

Words operator+(Words left, const Words& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// The first line that tells of an error.
std::string first_error(const std::string& text) {
  const std::size_t error = text.find("error: ");
  if (error == std::string::npos) return "";
  return text.substr(error, text.find('\n', error) - error);
}

/// One input and what was found about it.
class Trial {
 public:
  Trial(const std::filesystem::path& program, const RandomInput& input, std::uint64_t turn)
      : program_(program), turn_(turn), input_(input) {
    for (const auto& [name, text] : input_.files) folder_.write(name, text);
  }

  void run() {
    bool refused = false;
    std::optional<json> some;
    for (const std::string& rung : rungs) {
      const std::optional<json> stats = run_rung(rung);
      refused |= !stats;
      if (stats && !some) some = stats;
    }
    if (some) check_estimate(*some);
    if (!refused) {
      const std::string& rung = rungs[turn_ % rungs.size()];
      if (turn_ % 4 == 0) check_resolved(rung);
      if (turn_ % 4 == 1) check_repeated(rung);
      if (turn_ % 4 == 2) check_doubled(rung);
      if (turn_ % 8 == 3) check_ladder();
    }
  }

  const TrialResult& result() const { return result_; }

 private:
  ProgramRun start(const Words& words) {
    ProgramRun run = run_in(folder_.path(), program_, words);
    result_.longest_seconds = std::max(result_.longest_seconds, run.cpu_seconds);
    return run;
  }

  /// The same fault on several rungs is one line.
  void fail(const std::string& where, const std::string& what) {
    for (auto& [known, places] : result_.faults) {
      if (known == what) {
        places += ", " + where;
        return;
      }
    }
    result_.faults.emplace_back(what, where);
  }

  Words words_of(const std::string& rung) const {
    return Words{"run"} + input_.words + Words{"--fidelity", rung, "--functional", "--json"};
  }

  /// The statistics, or nothing if the input is refused for space, mesh, or because it reuses words of
  /// an intermediate that its own buffers have given up by then.
  std::optional<json> run_rung(const std::string& rung) {
    const ProgramRun run = start(words_of(rung));
    if (run.cpu_seconds > most_seconds) fail(rung, "takes " + std::to_string(run.cpu_seconds) + " s");
    if (run.exit_code == 65) {
      result_.refused_on.push_back(rung);
      const bool space = run.errors.find("does not fit") != std::string::npos;
      const bool mesh = run.errors.find("mesh") != std::string::npos || run.errors.find(" PEs") != std::string::npos;
      const bool retention = run.errors.find("cannot be executed") != std::string::npos;
      if (!space && !mesh && !retention) fail(rung, "refused: " + first_error(run.errors));
      check_check(rung, 65);
      return std::nullopt;
    }
    if (rung == rungs[turn_ % rungs.size()]) check_check(rung, 0);
    if (run.exit_code != 0) fail(rung, "exits with " + std::to_string(run.exit_code) + " " + first_error(run.errors));
    if (run.exit_code > 1) return std::nullopt;
    const json stats = json::parse(run.output, nullptr, false);
    if (stats.is_discarded()) {
      fail(rung, "writes no JSON");
      return std::nullopt;
    }
    for (const std::string& what : wrong_sums(stats, rung)) fail(rung, what);
    return stats;
  }

  /// `check` says what `run` would say.
  void check_check(const std::string& rung, int exit_code) {
    const ProgramRun run = start(Words{"check"} + input_.words + Words{"--set", "simulation.fidelity=" + rung});
    if (run.exit_code == exit_code) return;
    fail(rung, "check exits with " + std::to_string(run.exit_code) + ", run with " + std::to_string(exit_code));
  }

  void check_estimate(const json& stats) {
    const Words words = Words{"estimate"} + input_.words + Words{"--json"};
    const ProgramRun run = start(words);
    const json alone = json::parse(run.output, nullptr, false);
    if (run.exit_code != 0 || alone.is_discarded()) {
      fail("estimate", "exits with " + std::to_string(run.exit_code) + " " + first_error(run.errors));
    } else if (!differences(alone, stats, {"estimate"}).empty()) {
      fail("estimate", "differs from that of the run");
    }
  }

  void check_repeated(const std::string& rung) {
    const Words words = words_of(rung);
    if (start(words).output != start(words).output) fail(rung, "other bytes the second time");
  }

  void check_resolved(const std::string& rung) {
    const Words words = words_of(rung) + Words{"-o", "out"};
    const ProgramRun first = start(words);
    const Words again = {"run", "out/resolved.yaml", "--functional", "--json"};
    const ProgramRun second = start(again);
    const json one = json::parse(first.output, nullptr, false);
    const json two = json::parse(second.output, nullptr, false);
    for (const std::string& part : differences(one, two, {"estimate", "simulation", "comparison", "bridge"})) {
      fail(rung, part + " of resolved.yaml differs");
    }
  }

  void check_ladder() {
    const Words words = Words{"ladder"} + input_.words + Words{"--functional", "--json", "--jobs", "1"};
    const ProgramRun run = start(words);
    const json ladder = json::parse(run.output, nullptr, false);
    if (run.exit_code != 0 || ladder.is_discarded()) {
      fail("ladder", "exits with " + std::to_string(run.exit_code));
      return;
    }
    for (const json& entry : ladder.at("ladder")) {
      const Words one = words_of(entry.at("rung"));
      const json alone = json::parse(start(one).output, nullptr, false);
      if (alone.is_discarded() || alone.at("simulation").at("cycles") != entry.at("cycles")) {
        fail(entry.at("rung"), "other cycles than in the ladder");
      }
    }
  }

  /// Twice as much of one resource.
  void check_doubled(const std::string& rung) {
    if (input_.finite.empty()) return;
    const Words words = words_of(rung);
    const Words more = words + Words{"--set", input_.finite[turn_ / 4 % input_.finite.size()]};
    const json before = json::parse(start(words).output, nullptr, false);
    const ProgramRun run = start(more);
    if (run.exit_code == 65 || run.exit_code == 2) return;  // beyond a limit of the key
    const json after = json::parse(run.output, nullptr, false);
    if (run.exit_code != 0 || after.is_discarded()) {
      return fail(rung, more.back() + " exits with " + std::to_string(run.exit_code) + " " + first_error(run.errors));
    }
    result_.doubled = true;
    const long long one = before.at("simulation").at("cycles"), two = after.at("simulation").at("cycles");
    if (two > one) {
      result_.slower = rung + ": " + more.back() + " " + std::to_string(one) + " -> " + std::to_string(two);
    }
  }

  const std::filesystem::path& program_;
  std::uint64_t turn_;
  const RandomInput& input_;
  TemporaryFolder folder_;
  TrialResult result_;
};

}  // namespace

TrialResult try_input(const std::filesystem::path& program, const RandomInput& input, std::uint64_t turn) {
  Trial trial(program, input, turn);
  trial.run();
  return trial.result();
}

}  // namespace loopsim::generator
