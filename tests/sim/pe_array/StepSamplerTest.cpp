#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

#include "sim/pe_array/StepSampler.hpp"
#include "tests/sim/pe_array/NaiveArray.hpp"
#include "tests/sim/pe_array/RandomProgram.hpp"

namespace loopsim {
namespace {

using WordLists = NaiveArray::WordLists;
using Step = std::pair<decltype(WordLists::read), decltype(WordLists::written)>;

void add(std::multiset<std::vector<Coordinate>>& words, const std::vector<Box>& boxes) {
  for (const Box& box : boxes) {
    std::vector<std::vector<Coordinate>> all{{}};
    for (std::size_t d = 0; d < box.dimensions.size(); ++d) {
      std::vector<std::vector<Coordinate>> longer;
      for (const std::vector<Coordinate>& word : all) {
        for (const Interval run : box.dimensions[d].runs()) {
          for (Coordinate x = run.low; x < run.high; ++x) {
            longer.push_back(word);
            longer.back().push_back(x);
          }
        }
      }
      all = std::move(longer);
    }
    words.insert(all.begin(), all.end());
  }
}

Step words_of(const SampledStep& sampled) {
  Step step;
  for (const SampledStep::Access& access : sampled.accesses) {
    for (const MovedBoxes& moved : access.words) {
      if (!moved.read.empty()) add(step.first[access.tensor], moved.read);
      if (!moved.written.empty()) add(step.second[access.tensor], moved.written);
    }
  }
  return step;
}

/// Every sampled step is one of an execution that lists all words one by one. Where loops always have as many
/// iterations and as many steps as there are may be taken, they are those that move words, each once.
void sample_one(const RandomLimits& limits, bool even) {
  const RandomProgram random = draw_program(limits);
  const ArrayProgram& program = random.program;
  StepSampler sampler(random.tree, program);
  NaiveArray naive(random.tree, program);
  std::vector<ArrayLane> previous;
  for (const RandomProgram::Tile& tile : random.tiles) {
    naive.execute(tile.lanes, tile.advanced);
    std::vector<SampledStep> sampled;
    const std::int64_t most = even ? 1'000'000 : *rc::gen::inRange(1, 5);
    sampler.sample({tile.lanes, previous, tile.advanced, 1}, most, sampled);
    const bool works = std::any_of(tile.lanes.begin(), tile.lanes.end(),
                                   [](const ArrayLane& lane) { return !lane.operations.empty(); });
    if (works) previous = tile.lanes;
    std::multiset<Step> steps;
    for (const WordLists& words : naive.words_of_steps()) {
      if (!words.read.empty() || !words.written.empty()) steps.insert({words.read, words.written});
    }
    double weight = 0;
    std::multiset<Step> taken;
    for (const SampledStep& one : sampled) {
      weight += one.weight;
      taken.insert(words_of(one));
      RC_ASSERT(steps.count(*taken.find(words_of(one))) > 0);
    }
    const bool all = std::all_of(sampled.begin(), sampled.end(), [](const SampledStep& s) { return s.weight == 1; });
    if (even && all && taken.size() == steps.size()) RC_ASSERT(taken == steps);
    RC_CLASSIFY(even && all && taken.size() == steps.size() && !steps.empty());
  }
}

RC_GTEST_PROP(StepSampler, TakesStepsOfTheNaiveExecution, ()) {
  for (const bool lanes : {false, true}) {
    for (const bool odd_shapes : {false, true}) {
      for (int i = 0; i < 5; ++i) sample_one({lanes, odd_shapes}, i % 2 == 0);
    }
  }
}

}  // namespace
}  // namespace loopsim
