#include "sim/dram/DramTiming.hpp"

namespace loopsim {
namespace {

/// Before every command, so that a window that is not full forbids nothing.
constexpr DramCycles long_ago(std::numeric_limits<std::int64_t>::min() / 2);

}  // namespace

DramTiming::DramTiming(const DramPart& part, const DramGeometry& geometry) : geometry_(geometry) {
  nodes_.resize(1 + geometry.ranks + geometry.groups() + geometry.banks());
  places_.reserve(geometry.banks());
  for (std::uint32_t b = 0; b < geometry.banks(); ++b) {
    const DramBankId bank(b);
    places_.push_back({1 + geometry.rank_of(bank).value, 1 + geometry.ranks + geometry.group_of(bank).value,
                       1 + geometry.ranks + geometry.groups() + b});
  }
  for (const DramConstraint& constraint : part.constraints) add(constraint);
}

void DramTiming::add(const DramConstraint& constraint) {
  if (constraint.sibling && geometry_.ranks == 1) return;
  Window window{constraint.level, 0, {}, static_cast<std::size_t>(constraint.window), {}, {}};
  for (const JedecCommand preceding : constraint.preceding) {
    window.preceding |= 1U << index_of(preceding);
    for (const JedecCommand following : constraint.following) {
      const DramCause cause = cause_of(preceding, following, constraint.level, constraint.sibling);
      const Rule rule{following, cause, constraint.cycles};
      if (constraint.window > 1) {
        if (preceding == constraint.preceding.front()) window.rules.push_back(rule);
      } else if (constraint.sibling) {
        sibling_rules_[index_of(preceding)].push_back(rule);
      } else {
        rules_[static_cast<std::size_t>(constraint.level)][index_of(preceding)].push_back(rule);
      }
    }
  }
  if (constraint.window == 1) return;
  window.times.assign(nodes_.size() * window.length, long_ago);
  window.oldest.assign(nodes_.size(), 0);
  windows_.push_back(std::move(window));
}

std::uint32_t DramTiming::node_of(DramLevel level, DramBankId bank) const {
  const Place& place = places_[bank.value];
  switch (level) {
    case DramLevel::channel:
      return 0;
    case DramLevel::rank:
      return place.rank;
    case DramLevel::bank_group:
      return place.group;
    case DramLevel::bank:
      break;
  }
  return place.bank;
}

DramBound DramTiming::bound(JedecCommand command, DramBankId bank) const {
  const Place& place = places_[bank.value];
  const std::size_t c = index_of(command);
  const Node* binding = &nodes_[0];
  const auto consider = [&](const Node& node) {
    if (binding->next[c] < node.next[c]) binding = &node;
  };
  consider(nodes_[place.rank]);
  if (!is_rank_wide(command)) {
    consider(nodes_[place.group]);
    consider(nodes_[place.bank]);
  }
  return {binding->next[c], binding->since[c], binding->cause[c]};
}

void DramTiming::apply(const std::vector<Rule>& rules, Node& node, DramCycles now, DramCycles from) {
  for (const Rule& rule : rules) {
    const std::size_t c = index_of(rule.following);
    const DramCycles time = from + rule.cycles;
    if (time <= node.next[c]) continue;
    node.next[c] = time;
    node.since[c] = now;
    node.cause[c] = rule.cause;
  }
}

void DramTiming::issue(JedecCommand command, DramBankId bank, DramCycles now) {
  const Place& place = places_[bank.value];
  const std::size_t c = index_of(command);
  apply(rules_[static_cast<std::size_t>(DramLevel::channel)][c], nodes_[0], now, now);
  apply(rules_[static_cast<std::size_t>(DramLevel::rank)][c], nodes_[place.rank], now, now);
  if (!is_rank_wide(command)) {
    apply(rules_[static_cast<std::size_t>(DramLevel::bank_group)][c], nodes_[place.group], now, now);
    apply(rules_[static_cast<std::size_t>(DramLevel::bank)][c], nodes_[place.bank], now, now);
  }
  if (!sibling_rules_[c].empty()) {
    for (std::uint32_t node = 1; node <= geometry_.ranks; ++node) {
      if (node != place.rank) apply(sibling_rules_[c], nodes_[node], now, now);
    }
  }
  for (Window& window : windows_) {
    if ((window.preceding >> c & 1U) == 0) continue;
    const std::uint32_t node = node_of(window.level, bank);
    std::uint32_t& oldest = window.oldest[node];
    window.times[node * window.length + oldest] = now;
    oldest = oldest + 1 == window.length ? 0 : oldest + 1;
    apply(window.rules, nodes_[node], now, window.times[node * window.length + oldest]);
  }
}

}  // namespace loopsim
