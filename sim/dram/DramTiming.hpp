#pragma once

#include <array>
#include <limits>
#include <vector>

#include "arch/dram/DramPart.hpp"
#include "sim/dram/DramGeometry.hpp"

namespace loopsim {

/// The constraint that a command waits for longest: it holds from `since` until `until`.
struct DramBound {
  DramCycles until;
  DramCycles since;
  DramCause cause = DramCause::queue;
};

/// The earliest time of every command at every bank, bank group, rank and in the channel, kept up to date command by
/// command from the part's table. Knows nothing of rows: whether a command makes sense is the controller's business.
class DramTiming {
 public:
  DramTiming(const DramPart& part, const DramGeometry& geometry);

  /// No constraint forbids the command from then on. Rank-wide commands take any bank of the rank.
  DramCycles earliest(JedecCommand command, DramBankId bank) const {
    const Place& place = places_[bank.value];
    const std::size_t c = index_of(command);
    DramCycles time = later(nodes_[0].next[c], nodes_[place.rank].next[c]);
    if (is_rank_wide(command)) return time;
    return later(time, later(nodes_[place.group].next[c], nodes_[place.bank].next[c]));
  }
  bool allowed(JedecCommand command, DramBankId bank, DramCycles now) const { return earliest(command, bank) <= now; }
  /// `earliest` has two parts: what holds for all banks of a bank group, and what holds for the bank alone.
  DramCycles earliest_in_group(JedecCommand command, DramRankId rank, DramGroupId group) const {
    const std::size_t c = index_of(command);
    const Node& group_node = nodes_[1 + geometry_.ranks + group.value];
    return later(later(nodes_[0].next[c], nodes_[1 + rank.value].next[c]), group_node.next[c]);
  }
  DramCycles earliest_in_bank(JedecCommand command, DramBankId bank) const {
    return nodes_[places_[bank.value].bank].next[index_of(command)];
  }
  /// What decides `earliest`.
  DramBound bound(JedecCommand command, DramBankId bank) const;
  /// The command is sent at `now`, which must not be before `earliest`.
  void issue(JedecCommand command, DramBankId bank, DramCycles now);

 private:
  /// Earliest times of the commands in one channel, rank, bank group or bank.
  struct Node {
    std::array<DramCycles, jedec_command_count> next = {};
    std::array<DramCycles, jedec_command_count> since = {};
    std::array<DramCause, jedec_command_count> cause = {};
  };
  struct Place {
    std::uint32_t rank, group, bank;  ///< nodes
  };
  struct Rule {
    JedecCommand following;
    DramCause cause;
    DramCycles cycles;
  };
  using Rules = std::array<std::vector<Rule>, jedec_command_count>;  ///< by preceding command
  /// A sliding window at one level: the times of the last commands of each node, in a ring.
  struct Window {
    DramLevel level;
    std::uint32_t preceding;  ///< a bit each command
    std::vector<Rule> rules;
    std::size_t length;
    std::vector<DramCycles> times;  ///< node by node
    std::vector<std::uint32_t> oldest;
  };

  static DramCycles later(DramCycles a, DramCycles b) { return a < b ? b : a; }
  void add(const DramConstraint& constraint);
  static void apply(const std::vector<Rule>& rules, Node& node, DramCycles now, DramCycles from);
  std::uint32_t node_of(DramLevel level, DramBankId bank) const;

  DramGeometry geometry_;
  std::vector<Node> nodes_;  ///< the channel, ranks, bank groups, banks
  std::vector<Place> places_;
  std::array<Rules, dram_level_count> rules_;
  Rules sibling_rules_;
  std::vector<Window> windows_;
};

}  // namespace loopsim
