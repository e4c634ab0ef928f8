#include "mapping/LayoutCandidates.hpp"

#include <algorithm>

namespace loopsim {

namespace {

constexpr std::size_t most_permuted = 5;

/// Counts from 2 to `most`, ascending.
std::vector<std::int64_t> counts_up_to(std::int64_t most, const std::vector<std::int64_t>& wanted) {
  std::vector<std::int64_t> counts;
  for (std::int64_t count = 2; count < most; count *= 2) counts.push_back(count);
  for (const std::int64_t count : wanted) {
    if (count > 1 && count < most) counts.push_back(count);
  }
  if (most > 1) counts.push_back(most);
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

/// Counts worth taking of a dimension that has `room` in a line: as many as fit, or as steps want, or a power of two,
/// which tiles often begin at.
std::vector<std::int64_t> fillings(std::int64_t words, std::int64_t room, const std::vector<std::int64_t>& wanted) {
  if (words <= room) return {words};
  std::vector<std::int64_t> counts = counts_up_to(room, wanted);
  std::int64_t power = 1;
  while (power * 2 <= room) power *= 2;
  counts.erase(std::remove_if(counts.begin(), counts.end(),
                              [&](std::int64_t count) {
                                return 2 * count <= room ||
                                       (count != room && count != power &&
                                        std::find(wanted.begin(), wanted.end(), count) == wanted.end());
                              }),
               counts.end());
  return counts;
}

}  // namespace

std::vector<LineWords> line_candidates(const std::vector<Interval>& extent, std::int64_t line_words,
                                       const std::vector<std::vector<std::int64_t>>& wanted) {
  std::vector<LineWords> all;
  const auto words_of = [&](std::size_t d) { return extent[d].high - extent[d].low; };
  for (std::size_t d = 0; d < extent.size(); ++d) {
    for (const std::int64_t count : fillings(words_of(d), line_words, wanted[d])) {
      if (count > 1) all.push_back({{d, count}});
    }
  }
  for (std::size_t outer = 0; outer < extent.size(); ++outer) {
    for (std::size_t inner = outer + 1; inner < extent.size(); ++inner) {
      for (const std::int64_t count : counts_up_to(std::min(line_words, words_of(outer)), wanted[outer])) {
        for (const std::int64_t beside : fillings(words_of(inner), line_words / count, wanted[inner])) {
          if (beside > 1) all.push_back({{outer, count}, {inner, beside}});
        }
      }
    }
  }
  if (all.empty() && !extent.empty()) all.push_back({{extent.size() - 1, 1}});
  return all;
}

std::vector<std::vector<std::size_t>> order_candidates(const std::vector<Interval>& extent, const LineWords& in_line) {
  std::vector<std::size_t> outermost;
  std::vector<std::size_t> permuted;
  for (std::size_t d = 0; d < extent.size(); ++d) {
    std::int64_t words = 1;
    for (const DataLayout::InLine& one : in_line) {
      if (one.dimension == d) words = one.words.value_or(1);
    }
    (extent[d].high - extent[d].low > words ? permuted : outermost).push_back(d);
  }
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t turn = 0;; ++turn) {
    all.push_back(outermost);
    all.back().insert(all.back().end(), permuted.begin(), permuted.end());
    if (permuted.size() <= most_permuted) {
      if (!std::next_permutation(permuted.begin(), permuted.end())) break;
    } else {
      std::rotate(permuted.begin(), permuted.begin() + 1, permuted.end());
      if (turn + 1 == permuted.size()) break;
    }
  }
  return all;
}

}  // namespace loopsim
