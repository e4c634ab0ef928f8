// Runs of random trees as they were when they were recorded: for changes of the code that are to change nothing.
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <gtest/gtest.h>
#include <type_traits>

#include "tests/TestPaths.hpp"
#include "tests/sim/machine/RandomRun.hpp"

namespace loopsim {
namespace {

/// FNV-1a. What has changed is not shown: other tests have to explain it.
class Digest {
 public:
  void add(const std::string& text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(static_cast<unsigned char>('\n'));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }

  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

/// The counts of a structure that has nothing else.
template <class Counts>
std::string text_of_counts(const Counts& counts) {
  static_assert(std::is_trivially_copyable_v<Counts> && sizeof(Counts) % sizeof(std::int64_t) == 0);
  std::int64_t values[sizeof(Counts) / sizeof(std::int64_t)];
  std::memcpy(values, &counts, sizeof(Counts));
  return fmt::format("{}", fmt::join(values, " "));
}

std::string text_of(const StageAccount& account) {
  std::string text = fmt::format("{}: {} {} {} {} {}", account.stage, account.compute, account.ramp, account.drain,
                                 account.idle, fmt::join(account.stall, " "));
  for (const auto& [name, cycles] : account.detail) text += fmt::format(" {} {}", name, cycles);
  return text;
}

std::string text_of(const AccessAccount& account) {
  const AccessMeasures& m = account.measures;
  const std::vector<std::int64_t> none;
  return fmt::format("{} {}: {} {} {} {} {} {} {} / {} / {}", account.node, account.leaf, m.node, m.reads, m.writes,
                     m.fills, m.parent_reads, m.peer, m.max_occupancy, fmt::join(m.fill_series.value_or(none), " "),
                     fmt::join(m.occupancy_series.value_or(none), " ")) +
         text_of_counts(account.differences);
}

/// One line for each seed: a few figures to look at, and digests of what happened when, of where the time went and of
/// what the buffers counted.
std::string recorded(std::uint64_t seed) {
  constexpr std::optional<std::int64_t> spares[] = {std::nullopt, 0, 30, 100};
  std::optional<BoundTree> tree = random_tree(seed, spares[seed % 4]);
  if (!tree) return fmt::format("{} does not bind", seed);
  if (seed % 4 == 0) {  // of unlimited size
    tree->architecture.memories[1].refetch = seed % 8 == 0;
    tree->architecture.memories[1].early_write_back = seed % 12 == 0;
  }
  Sequencer::Options options;
  options.ideal = seed % 5 == 0;
  options.prefetch = static_cast<std::int64_t>(seed % 3);
  options.operation_latency = Cycle(seed % 7 == 0 ? 5 : 0);
  options.hold_results = seed % 6 == 0;
  SequencerBench bench(*tree, options);
  bench.run(random_latencies(seed));
  Sequencer& sequencer = bench.sequencer();
  if (!sequencer.finished()) return fmt::format("{} {}", seed, sequencer.describe_deadlock());
  Digest events;
  for (const std::string& line : bench.log()) events.add(line);
  Digest time;
  for (const StageAccount& account : sequencer.accounts()) time.add(text_of(account));
  time.add(text_of_counts(sequencer.path()));
  Digest buffers;
  for (const AccessAccount& account : sequencer.holdings().accounts()) buffers.add(text_of(account));
  for (const auto& [level, peak] : sequencer.holdings().peaks()) {
    buffers.add(fmt::format("{}: {} {} {}", level.value, peak.words, peak.live_words, peak.bits));
    for (const auto& [node, words] : peak.words_by_node) buffers.add(fmt::format("{} {}", node.value, words));
  }
  return fmt::format("{} cycles {} steps {} events {} {:016x} time {:016x} buffers {:016x}", seed,
                     sequencer.end().value, sequencer.pipeline_steps(), bench.log().size(), events.value(),
                     time.value(), buffers.value());
}

/// With LOOPSIM_UPDATE_RECORDED_RUNS=1 they are recorded anew.
TEST(RecordedRuns, AreAsTheyWere) {
  const auto path = source_folder() / "tests/goldens/schedule/recorded_runs.txt";
  constexpr std::uint64_t runs = 200;
  if (std::getenv("LOOPSIM_UPDATE_RECORDED_RUNS") != nullptr) {
    std::ofstream file(path);
    for (std::uint64_t seed = 0; seed < runs; ++seed) file << recorded(seed) << '\n';
  }
  std::ifstream file(path);
  std::uint64_t seed = 0;
  for (std::string line; std::getline(file, line); ++seed) EXPECT_EQ(recorded(seed), line);
  EXPECT_EQ(seed, runs);
}

}  // namespace
}  // namespace loopsim
