#include "models/looptree/factored/PeerMoments.hpp"

namespace loopsim {

namespace {

/// A mesh has two axes; with more lane loops there are no neighbours.
constexpr std::size_t most_axes = 2;

}  // namespace

PeerMoments::PeerMoments(const FactoredWords& words) : words_(words) {
  const std::vector<IndexRole>& outer = words.outer.roles;
  std::size_t lanes = 0;
  for (const Factor& factor : words.factors) lanes += lane_digits(factor).size();
  const bool has_time =
      !leaf_loops_of_time(words).empty() || std::find(outer.begin(), outer.end(), IndexRole::time) != outer.end();
  if (!has_time || words.path->last_is_stage || lanes == 0 || lanes > most_axes) return;
  const std::vector<LoopPlace> others =
      leaf_loops_where(words, [](IndexRole role) { return role == IndexRole::time || role == IndexRole::instance; });
  if (!others.empty()) {
    last_leaf_ = others.back();
  } else if (outer.back() == IndexRole::stage) {
    return;
  }
  any_ = true;
}

Moment PeerMoments::within(std::size_t factor, const FactorTable& table, std::size_t time) const {
  if (!any_ || !last_leaf_) return {};
  Moment peers{&table, time, 0, std::nullopt};
  if (last_leaf_->factor != factor) return peers;
  const FactorLoop& loop = words_.loop_at(*last_leaf_);
  const Digit digit{digit_weights(words_.factors[factor], loop.role)[last_leaf_->loop], loop.radix};
  if (loop.role == IndexRole::instance) {
    peers.instance_before = digit;
    return peers;
  }
  const std::uint64_t now = table.times[time];
  if (digit.of(now) == 0) return {};
  const auto at = std::lower_bound(table.times.begin(), table.times.end(), now - digit.weight);
  if (at == table.times.end() || *at != now - digit.weight) return {};
  peers.time = static_cast<std::size_t>(at - table.times.begin());
  return peers;
}

}  // namespace loopsim
