#include "sim/noc/RouteTree.hpp"

#include <algorithm>
#include <stdexcept>

namespace loopsim {

namespace {

class TreeBuilder {
 public:
  TreeBuilder(const RouterMap& map, Way way) : map_(map), way_(way) {}

  void add_path(TerminalId from, TerminalId to, bool is_entry) {
    const RouterId first = map_.router_of(from), last = map_.router_of(to);
    RouterId at = first;
    std::uint32_t node = node_at(at);
    if (is_entry) {
      tree_.entry.push_back(node);
      ++tree_.nodes[node].inputs;
    }
    while (true) {
      const Port output = map_.route(at, to);
      auto& branches = tree_.nodes[node].branches;
      const auto known = std::find_if(branches.begin(), branches.end(),
                                      [&](const RouteTree::Branch& branch) { return branch.output == output; });
      if (at == last) {
        if (known == branches.end()) branches.push_back({output, Topology::any_class, RouteTree::none});
        return;
      }
      const std::uint32_t channel_class = map_.topology().channel_class(way_, first, at, last);
      at = map_.topology().neighbour(at, output)->router;
      if (known != branches.end()) {
        node = known->next;
        continue;
      }
      const std::uint32_t next = node_at(at);
      tree_.nodes[node].branches.push_back({output, channel_class, next});
      ++tree_.nodes[next].inputs;
      node = next;
    }
  }

  RouteTree take() { return std::move(tree_); }

 private:
  std::uint32_t node_at(RouterId router) {
    const auto [place, added] = places_.emplace(router, static_cast<std::uint32_t>(tree_.nodes.size()));
    if (added) tree_.nodes.push_back({router, 0, {}});
    return place->second;
  }

  const RouterMap& map_;
  Way way_;
  RouteTree tree_;
  std::map<RouterId, std::uint32_t> places_;
};

void check_ends(const RouterMap& map, const Packet& packet) {
  if (packet.leaves.empty()) throw std::invalid_argument("a packet needs at least one terminal at its other end");
  std::vector<TerminalId> ends = packet.leaves;
  std::sort(ends.begin(), ends.end());
  if (packet.root.value >= map.terminals() || ends.back().value >= map.terminals()) {
    throw std::invalid_argument("a packet needs terminals that exist");
  }
  if (std::adjacent_find(ends.begin(), ends.end()) != ends.end()) {
    throw std::invalid_argument("a packet lists a terminal twice");
  }
}

}  // namespace

std::int64_t RouteTree::links() const {
  std::int64_t links = 0;
  for (const Node& node : nodes) links += static_cast<std::int64_t>(node.branches.size());
  return links;
}

RouteTree make_route_tree(const RouterMap& map, const Packet& packet) {
  check_ends(map, packet);
  const bool sum = packet.kind == PacketKind::sum;
  TreeBuilder builder(map, sum ? Way::meeting : packet.leaves.size() > 1 ? Way::parting : Way::single);
  for (std::size_t i = 0; i < packet.leaves.size(); ++i) {
    const TerminalId leaf = packet.leaves[i];
    builder.add_path(sum ? leaf : packet.root, sum ? packet.root : leaf, sum || i == 0);
  }
  RouteTree tree = builder.take();
  tree.deliveries = sum ? 1 : static_cast<std::uint32_t>(packet.leaves.size());
  return tree;
}

const RouteTree& RouteTrees::find(const RouterMap& map, const Packet& packet) {
  ends_ = packet.leaves;
  ends_.push_back(packet.root);
  auto& tree = trees_[{packet.kind, ends_}];
  if (!tree) tree = std::make_unique<RouteTree>(make_route_tree(map, packet));
  return *tree;
}

}  // namespace loopsim
