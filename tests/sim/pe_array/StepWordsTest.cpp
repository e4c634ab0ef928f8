#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mapping/TensorLayout.hpp"
#include "sim/pe_array/StepWords.hpp"
#include "tests/sim/pe_array/NaiveArray.hpp"
#include "tests/sim/pe_array/RandomProgram.hpp"

namespace loopsim {
namespace {

using WordLists = NaiveArray::WordLists;

void add(std::map<TensorId, std::multiset<std::vector<Coordinate>>>& lists, const BoundTree& tree, TensorId tensor,
         const std::vector<std::int64_t>& words, std::int64_t first) {
  const TensorLayout layout = tensor_layout(tree, tensor);
  for (const std::int64_t word : words) {
    RC_ASSERT(0 <= first + word && static_cast<std::size_t>(first + word) < layout.words);
    lists[tensor].insert(layout.coordinates_of(static_cast<std::size_t>(first + word)));
  }
}

/// Every word of every step, against an execution that lists them one by one.
void list_one(const RandomLimits& limits) {
  const RandomProgram random = draw_program(limits);
  const ArrayProgram& program = random.program;
  StepWords listed(random.tree, program);
  NaiveArray naive(random.tree, program);
  for (const RandomProgram::Tile& tile : random.tiles) {
    naive.execute(tile.lanes, tile.advanced);
    if (*rc::gen::weightedElement<bool>({{1, true}, {5, false}})) {
      listed.skip(tile.lanes, tile.advanced);
      continue;
    }
    std::vector<WordLists> steps;
    listed.list(tile.lanes, tile.advanced, [&](const std::vector<StepWords::Access>& accesses) {
      WordLists& step = steps.emplace_back();
      for (const StepWords::Access& access : accesses) {
        add(step.read, random.tree, access.tensor, *access.read, access.first);
        add(step.written, random.tree, access.tensor, *access.written, access.first);
      }
      return true;
    });
    RC_ASSERT(steps.size() == naive.words_of_steps().size());
    for (std::size_t s = 0; s < steps.size(); ++s) {
      RC_ASSERT(steps[s].read == naive.words_of_steps()[s].read);
      RC_ASSERT(steps[s].written == naive.words_of_steps()[s].written);
    }
  }
}

RC_GTEST_PROP(StepWords, EqualTheNaiveExecution, ()) {
  for (const bool lanes : {false, true}) {
    for (const bool odd_shapes : {false, true}) {
      for (int i = 0; i < 5; ++i) list_one({lanes, odd_shapes});
    }
  }
}

}  // namespace
}  // namespace loopsim
