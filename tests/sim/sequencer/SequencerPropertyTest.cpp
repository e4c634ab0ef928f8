#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/sim/machine/RandomRun.hpp"
#include "tests/sim/sequencer/SequencerCases.hpp"

namespace loopsim {
namespace {

/// What is wrong with a run; empty if nothing is.
std::string fault(SequencerBench& bench) {
  Sequencer& sequencer = bench.sequencer();
  if (!sequencer.finished()) return sequencer.describe_deadlock();
  if (!sequencer.holdings().all_released()) return "words are left in a buffer";
  if (!sequencer.conservation_errors().empty()) return sequencer.conservation_errors().front();
  for (const StageAccount& account : sequencer.accounts()) {
    if (account.total() != sequencer.end().value) {
      return fmt::format("stage {} accounts for {} of {} cycles", account.stage, account.total(),
                         sequencer.end().value);
    }
  }
  if (sequencer.path().total() != sequencer.end().value) {
    return fmt::format("the path accounts for {} of {} cycles", sequencer.path().total(), sequencer.end().value);
  }
  for (LeafIndex leaf = 0; leaf < bench.schedule().leaves.size(); ++leaf) {
    const std::string& einsum = bench.tree().graph.einsums[bench.schedule().leaves[leaf].einsum].name;
    if (bench.times("execute " + einsum).size() != bench.times("retire " + einsum).size()) {
      return "not everything that was executed has retired";
    }
    const std::vector<std::int64_t> retired = bench.times("retire " + einsum);
    if (!std::is_sorted(retired.begin(), retired.end())) return "results of an einsum overtake each other";
    const std::vector<std::string> tiles = bench.details("retire " + einsum);
    for (std::size_t t = 0; t < tiles.size(); ++t) {
      if (tiles[t] != fmt::format("#{}", t)) return "tiles of an einsum retire out of order";
    }
  }
  return "";
}

RC_GTEST_PROP(SequencerProperty, SumsHoldAndTheSameRunIsTheSame, ()) {
  // A smaller seed is no simpler case.
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  Sequencer::Options options = timed(*rc::gen::inRange<std::int64_t>(0, 4));
  options.operation_latency = Cycle(*rc::gen::element<std::int64_t>(0, 0, 5));
  options.hold_results = *rc::gen::element(false, false, true);
  const auto spare = *rc::gen::element<std::optional<std::int64_t>>(
      std::nullopt, std::optional<std::int64_t>(0), std::optional<std::int64_t>(40), std::optional<std::int64_t>(100));
  const std::optional<BoundTree> tree = random_tree(seed, spare);
  if (!tree) RC_DISCARD("does not bind");
  const Latencies latencies = random_latencies(seed);
  SequencerBench bench(*tree, options);
  bench.run(latencies);
  const std::string wrong = fault(bench);
  if (!wrong.empty()) RC_FAIL(fmt::format("seed {}: {}", seed, wrong));
  SequencerBench again(*tree, options);
  again.run(latencies);
  RC_ASSERT(bench.log() == again.log());
  RC_ASSERT(bench.sequencer().pipeline_steps() == again.sequencer().pipeline_steps());
  SequencerBench unobserved(*tree, options, false);
  unobserved.run(latencies);
  RC_ASSERT(unobserved.sequencer().end() == bench.sequencer().end());
  std::size_t stalled = 0;
  const std::vector<StageAccount> accounts = bench.sequencer().accounts();
  for (const StageAccount& account : accounts) stalled += stall(account, StallCause::space) > 0;
  RC_CLASSIFY(accounts.size() > 1, "several stages");
  RC_CLASSIFY(stalled > 0, "waits for space");
}

/// With ideal moves and arrays that take a cycle a step nothing but slots and turns holds stages up.
RC_GTEST_PROP(SequencerProperty, IdealRunsTakeTheRecurrencesSteps, ()) {
  const auto seed = *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  const std::optional<BoundTree> tree = random_tree(seed, std::nullopt);
  if (!tree) RC_DISCARD("does not bind");
  SequencerBench bench(*tree, ideal());
  bench.run({[](const Transfer&) { return MoveTime(); },
             [](const ArrayJob& job, std::int64_t) { return computing(job.outcome->steps); }});
  const std::string wrong = fault(bench);
  if (!wrong.empty()) RC_FAIL(fmt::format("seed {}: {}", seed, wrong));
  RC_ASSERT(bench.sequencer().end().value == bench.sequencer().pipeline_steps());
}

}  // namespace
}  // namespace loopsim
