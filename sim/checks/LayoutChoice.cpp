#include "sim/checks/LayoutChoice.hpp"

#include <algorithm>
#include <numeric>

#include "mapping/LayoutCandidates.hpp"
#include "sim/checks/BankSample.hpp"

namespace loopsim {

namespace {

constexpr std::size_t most_line_candidates = 4;
constexpr std::size_t most_candidates = 16;
constexpr double many_lines = 1.25;  ///< times the fewest: no candidate
constexpr int most_rounds = 4;
constexpr std::size_t starts = 6;

/// A layout of one tensor that may be chosen.
struct Candidate {
  DataLayout layout;
  BankSample::Lines lines;
  double alone = 0;  ///< cycles that steps wait if no other tensor has lines
};

class LayoutSearch {
 public:
  LayoutSearch(const BoundTree& tree, const Schedule& schedule)
      : tree_(tree), sample_(tree, schedule), candidates_(tree.tensors.size()), lines_(tree.tensors.size()) {}

  LayoutChoice search() {
    for (std::size_t t = 0; t < candidates_.size(); ++t) {
      if (sample_.uses(TensorId(t))) add_candidates(TensorId(t));
    }
    LayoutChoice choice;
    std::vector<std::size_t> chosen(candidates_.size(), 0);
    take(chosen);
    choice.present = choice.proposed = sample_.waits(lines_);
    // From where the layouts are, and from each tensor's best by themselves.
    const std::vector<std::size_t> present = chosen;
    for (std::size_t start = 0; start < starts; ++start) {
      std::vector<std::size_t> reached = start == 0 ? present : candidates_numbered(start);
      const double waits = descend(reached);
      if (waits >= choice.proposed) continue;
      choice.proposed = waits;
      chosen = std::move(reached);
    }
    propose(chosen, choice);
    return choice;
  }

 private:
  TensorLines lines_with(TensorId tensor, const LineMap& map) const {
    const std::int64_t first = tree_.graph.tensors[tensor].first_bank.value_or(static_cast<std::int64_t>(tensor.value));
    return {map, static_cast<std::size_t>(tree_.architecture.memories[banked_level.value].banks->count), first};
  }

  Candidate candidate(TensorId tensor, DataLayout layout, const LineMap& map) {
    Candidate one{std::move(layout), sample_.lines_of(tensor, lines_with(tensor, map)), 0};
    std::vector<const BankSample::Lines*> only(tree_.tensors.size());
    only[tensor.value] = &one.lines;
    one.alone = sample_.waits(only, tensor);
    return one;
  }

  /// The present layout, and the best by themselves of those that need few lines.
  void add_candidates(TensorId tensor) {
    std::vector<Candidate>& all = candidates_[tensor.value];
    const DataLayout& present = tree_.tensors[tensor].layout;
    all.push_back(candidate(tensor, present, line_map(tree_, tensor)));
    const std::int64_t room = line_words(tree_, tensor);
    if (room < 1 || tree_.tensors[tensor].extent.empty()) return;
    const std::vector<Interval> extent = bounds(tree_.tensors[tensor].extent);
    std::vector<Candidate> others;
    for (const LineWords& in_line : few_lines(tensor, extent, room)) {
      for (const std::vector<std::size_t>& order : order_candidates(extent, in_line)) {
        const DataLayout layout{order, in_line};
        Candidate one = candidate(tensor, layout, make_line_map(layout, extent, room));
        const bool known =
            std::any_of(others.begin(), others.end(), [&](const Candidate& other) { return other.lines == one.lines; });
        if (!known) others.push_back(std::move(one));
      }
    }
    std::stable_sort(others.begin(), others.end(),
                     [](const Candidate& a, const Candidate& b) { return a.alone < b.alone; });
    others.resize(std::min(others.size(), most_candidates));
    std::move(others.begin(), others.end(), std::back_inserter(all));
  }

  std::vector<LineWords> few_lines(TensorId tensor, const std::vector<Interval>& extent, std::int64_t room) const {
    std::vector<std::vector<std::int64_t>> wanted;
    for (std::size_t d = 0; d < extent.size(); ++d) wanted.push_back(sample_.wanted(tensor, d));
    std::vector<LineWords> all = line_candidates(extent, room, wanted);
    std::vector<double> counts;
    std::vector<std::size_t> by_count(all.size());
    std::iota(by_count.begin(), by_count.end(), 0);
    const std::vector<std::size_t> order = tree_.tensors[tensor].layout.order;
    for (const LineWords& in_line : all) {
      counts.push_back(sample_.lines_in_all(tensor, make_line_map({order, in_line}, extent, room)));
    }
    std::stable_sort(by_count.begin(), by_count.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    std::vector<LineWords> few;
    for (const std::size_t i : by_count) {
      if (few.size() == most_line_candidates || counts[i] > many_lines * counts[by_count.front()]) break;
      few.push_back(std::move(all[i]));
    }
    return few;
  }

  std::vector<std::size_t> candidates_numbered(std::size_t number) const {
    std::vector<std::size_t> chosen;
    for (const std::vector<Candidate>& candidates : candidates_) {
      chosen.push_back(candidates.empty() ? 0 : std::min(number, candidates.size() - 1));
    }
    return chosen;
  }

  void take(const std::vector<std::size_t>& chosen) {
    for (std::size_t t = 0; t < chosen.size(); ++t) {
      lines_[t] = candidates_[t].empty() ? nullptr : &candidates_[t][chosen[t]].lines;
    }
  }

  /// Changes one tensor's layout at a time as long as that helps; returns the cycles that are left.
  double descend(std::vector<std::size_t>& chosen) {
    take(chosen);
    bool changed = true;
    for (int round = 0; changed && round < most_rounds; ++round) {
      changed = false;
      for (std::size_t t = 0; t < chosen.size(); ++t) {
        if (candidates_[t].size() < 2) continue;
        std::size_t best = chosen[t];
        double least = sample_.waits(lines_, TensorId(t));
        for (std::size_t c = 0; c < candidates_[t].size() && least > 0; ++c) {
          lines_[t] = &candidates_[t][c].lines;
          const double waits = sample_.waits(lines_, TensorId(t));
          if (waits >= least) continue;
          least = waits;
          best = c;
        }
        changed |= best != chosen[t];
        chosen[t] = best;
        lines_[t] = &candidates_[t][best].lines;
      }
    }
    return sample_.waits(lines_);
  }

  /// A tensor whose present layout does not cost more beside the others' new ones keeps it.
  void propose(std::vector<std::size_t>& chosen, LayoutChoice& choice) {
    take(chosen);
    for (std::size_t t = 0; t < chosen.size(); ++t) {
      if (chosen[t] == 0) continue;
      const double with = sample_.waits(lines_, TensorId(t));
      lines_[t] = &candidates_[t][0].lines;
      const double without = sample_.waits(lines_, TensorId(t));
      if (without <= with) continue;
      lines_[t] = &candidates_[t][chosen[t]].lines;
      choice.proposals.push_back({TensorId(t), candidates_[t][chosen[t]].layout, without - with});
    }
    choice.proposed = sample_.waits(lines_);
    std::stable_sort(choice.proposals.begin(), choice.proposals.end(),
                     [](const LayoutProposal& a, const LayoutProposal& b) { return a.cost > b.cost; });
  }

  const BoundTree& tree_;
  const BankSample sample_;
  std::vector<std::vector<Candidate>> candidates_;  ///< by tensor; the first is the present one
  std::vector<const BankSample::Lines*> lines_;     ///< by tensor, as chosen
};

}  // namespace

LayoutChoice choose_layouts(const BoundTree& tree, const Schedule& schedule) {
  return LayoutSearch(tree, schedule).search();
}

}  // namespace loopsim
