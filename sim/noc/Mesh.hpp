#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/noc/EventRing.hpp"
#include "sim/noc/Interconnect.hpp"
#include "sim/noc/RoundRobin.hpp"
#include "sim/noc/RouteTree.hpp"
#include "sim/noc/RouterMap.hpp"

namespace loopsim {

/// A mesh of wormhole routers, or another topology of them, with virtual channels and credits, flit by flit;
/// docs/noc.md describes the router. Work is done only for routers in which something can move, and there is memory
/// only for routers and sources on the way of some packet: they get numbers of their own (places) when the first is
/// injected.
class Mesh final : public Interconnect {
 public:
  /// Throws std::invalid_argument for settings outside their ranges.
  explicit Mesh(const MeshSettings& settings);

  void inject(const Packet& packet, Cycle ready) override;
  void inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period) override {
    inject_train(packet, ready, count, period, 1);
  }
  /// `each` of them in every period, evenly.
  void inject_train(const Packet& packet, Cycle ready, std::int64_t count, Cycle period, std::int64_t each);
  std::optional<Cycle> next_event() const override;
  void advance(Cycle to, NocArrivals& arrivals) override;
  const NetworkCounters& counters() const override { return counters_; }
  /// Of the links on the way of some packet, in the order of their numbers.
  std::vector<std::pair<LinkId, LinkCounters>> links() const;
  std::string link_name(LinkId link) const override { return map_.link_name(link); }

  const RouterMap& map() const { return map_; }
  /// Packets of each train under way that have reached all their destinations, by its tag.
  std::vector<std::pair<PacketTag, std::int64_t>> packets_complete() const;
  /// Packets that have not reached all their destinations, those of trains that are not ready yet left out.
  std::int64_t packets_outstanding() const { return packets_outstanding_; }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// A packet that is ready at its source or further on.
  struct PacketRecord {
    Cycle created;
    PacketTag tag;
    const RouteTree* tree = nullptr;  ///< null: unicast
    RouterId source;                  ///< of a unicast
    TerminalId destination;           ///< of a unicast
    std::uint32_t flits = 0;
    std::uint32_t room = 1;  ///< credits a virtual channel must have to be given to it
    std::uint32_t train = none;
    std::int64_t index = 0;        ///< in its train
    std::uint32_t tails_left = 0;  ///< deliveries to come
  };

  struct Train {
    Packet packet;
    const RouteTree* tree = nullptr;
    Cycle ready;
    Cycle period;
    std::int64_t each = 1;  ///< packets a period
    std::int64_t count = 0;
    std::int64_t made = 0;      ///< packets that have left the train's count: in the table or complete
    std::int64_t complete = 0;  ///< packets at all their destinations
    TrainCompletion result;
    /// Slots of the packets of a sum that some source has reached: from index `first_open` on.
    std::vector<std::uint32_t> open;
    std::int64_t first_open = 0;
    bool done = true;

    /// From the first packet to the one with this index.
    Cycle offset(std::int64_t index) const {
      return Cycle(index / each * period.value + index % each * period.value / each);
    }
  };

  /// A packet, or the next packet of a train, that waits at its source.
  struct Pending {
    Cycle ready;
    PacketTag tag;
    std::uint64_t order = 0;  ///< of injection; decides between equal tags
    std::uint32_t packet = none;
    std::uint32_t train = none;
    std::int64_t index = 0;
    std::uint32_t node = none;  ///< of the route tree where it enters
  };
  struct Later {
    bool operator()(const Pending& a, const Pending& b) const {
      if (a.ready != b.ready) return b.ready < a.ready;
      if (a.tag != b.tag) return b.tag < a.tag;
      return b.order < a.order;
    }
  };

  struct Source {
    TerminalId terminal;
    std::uint32_t input = none;    ///< of its router
    LinkCounters link;             ///< into its router
    std::vector<Pending> pending;  ///< heap
    std::uint32_t packet = none;   ///< being sent
    std::uint32_t node = none;
    std::uint32_t sequence = 0;  ///< next flit
    std::uint32_t vc = 0;
    Cycle flit_ready;  ///< when the next flit could have gone
    FlitHistory history;
    bool active = false;
  };

  enum class VcState : std::uint8_t { empty, opening, open };
  /// Packets behind each other in one virtual channel of an input; the front one is `open` once routed.
  struct InputVc {
    std::vector<Flit> flits;  ///< a ring that grows up to the depth of the buffer as it is needed
    std::uint32_t front = 0;
    std::uint32_t count = 0;
    std::uint32_t join = none;  ///< of the front packet, if it is a share of a sum
    BitSet outputs = 0;         ///< that the front packet still needs
    VcState state = VcState::empty;
  };

  enum class BranchState : std::uint8_t { idle, wants_vc, allocated, starved, wants_credit, wants_switch };
  /// The front packet of an input VC on its way to one output.
  struct Branch {
    BranchState state = BranchState::idle;
    std::uint8_t channel_class = 0;  ///< place in channels_of_class_
    std::uint32_t vc = 0;            ///< of the output
    std::uint32_t sequence = 0;      ///< next flit
    std::uint32_t node = none;       ///< of the route tree at the next router
    Cycle since;                     ///< since when it wants what it wants
    FlitHistory history;             ///< of the next flit, up to `since`
  };

  struct Output {
    BitSet free_vcs = 0;
    BitSet vc_inputs = 0;      ///< inputs with branches that want a VC
    BitSet switch_inputs = 0;  ///< inputs with branches that want the switch
    std::uint32_t switch_pointer = 0;
    bool vc_hopeless = false;  ///< no free VC has room for any that want one; until something changes
  };
  struct InputPort {
    std::uint32_t switch_pointer = 0;  ///< over outputs
    std::uint32_t vc_pointer = 0;      ///< over VCs
  };
  struct OutputVc {
    std::uint32_t credits = 0;
    std::uint32_t owner = none;      ///< input VC of the router
    std::uint32_t pointer_port = 0;  ///< grant pointer over input VCs
    std::uint32_t pointer_vc = 0;
  };
  struct AcceptPointer {
    std::uint32_t output = 0;
    std::uint32_t vc = 0;
  };

  /// Shares of a sum that meet in a router. All but the one that comes last are put aside as they arrive, so that none
  /// waits for another in a buffer.
  struct Join {
    struct Share {
      std::uint32_t input_vc = none;
      std::uint32_t flits = 0;  ///< put aside so far
    };
    std::uint32_t packet = none;
    std::uint32_t node = none;
    std::uint32_t leader = none;  ///< the input VC that came last
    std::vector<Share> aside;
  };

  // MeshPlaces.cpp
  std::uint32_t place_of(RouterId router);
  std::uint32_t source_of(TerminalId terminal);
  void make_places(const Packet& packet, const RouteTree* tree);
  LinkId link_of(std::uint32_t router_output) const;

  // Mesh.cpp
  void deliver();
  void work();
  std::optional<Cycle> next_work() const;
  void wake(std::uint32_t router);
  void arrive(std::uint32_t input_vc, const Flit& flit);
  void add_credit(std::uint32_t output_vc);
  void route_front(std::uint32_t input_vc);
  void open_outputs(std::uint32_t input_vc);
  void join_shares(std::uint32_t input_vc);
  void put_aside(std::uint32_t input_vc);
  void complete_train(Train& train);

  // MeshSources.cpp
  std::uint32_t add_packet(const Packet& packet, const RouteTree* tree, Cycle ready);
  std::uint32_t packet_of(const Pending& pending);
  const RouteTree* tree_of(const Packet& packet);
  void push(TerminalId terminal, Pending pending);
  void push_at_sources(const Packet& packet, const RouteTree* tree, Pending pending);
  void wake_source(std::uint32_t source);
  void send_from(std::uint32_t source);
  bool start_packet(std::uint32_t source);
  void check_injection(const Packet& packet, Cycle ready) const;

  // MeshAllocation.cpp
  void allocate_vcs(std::uint32_t router, std::uint32_t output);
  std::uint32_t pick_vc_requester(std::uint32_t router, std::uint32_t output, std::uint32_t vc) const;
  void give_vc(std::uint32_t router, std::uint32_t output, std::uint32_t vc, std::uint32_t local_input_vc);
  void allocate_switch(std::uint32_t router);
  void send(std::uint32_t branch_index);
  void next_flit(std::uint32_t branch_index);
  void request_switch(std::uint32_t branch_index);
  void pop(std::uint32_t input_vc);
  bool has_flit(std::uint32_t input_vc, std::uint32_t sequence) const;
  void release_vc(std::uint32_t router_output, std::uint32_t vc);

  // MeshPeriods.cpp
  void watch_trains(Cycle to);
  void restart_watch();
  bool choose_watched();
  void write_state(std::vector<std::int64_t>& state) const;
  void write_history(const FlitHistory& history, std::vector<std::int64_t>& state) const;
  void write_packet(std::uint32_t packet, std::vector<std::int64_t>& state) const;
  void write_join(const Join& join, std::vector<std::int64_t>& state) const;
  void write_router(std::uint32_t router, std::vector<std::int64_t>& state) const;
  void write_source(std::uint32_t source, std::vector<std::int64_t>& state) const;
  void save_state();
  std::int64_t periods_ahead(Cycle to) const;
  Cycle drift_of(std::uint32_t train) const;
  void skip_periods(std::int64_t periods);
  void shift_times(Cycle by);

  // MeshDeadlock.cpp
  [[noreturn]] void report_deadlock() const;
  struct Wait {
    std::string text;
    std::uint32_t next = none;  ///< input VC waited for
  };
  Wait wait_of(std::uint32_t input_vc) const;
  Wait wait_of_branch(std::uint32_t input_vc, Port output) const;
  std::string packet_name(std::uint32_t packet) const;

  Flit& flit_at(std::uint32_t input_vc, std::uint32_t place) {
    InputVc& vc = input_vcs_[input_vc];
    std::uint32_t at = vc.front + place;
    if (at >= vc.flits.size()) at -= static_cast<std::uint32_t>(vc.flits.size());
    return vc.flits[at];
  }
  const Flit& flit_at(std::uint32_t input_vc, std::uint32_t place) const {
    return const_cast<Mesh*>(this)->flit_at(input_vc, place);
  }
  std::uint32_t branch_index(std::uint32_t input_vc, Port output) const {
    const std::uint32_t router = input_vc / router_vcs_;
    return (router * radix_ + output) * router_vcs_ + input_vc % router_vcs_;
  }
  Branch& branch_at(std::uint32_t index) { return branches_[index / vcs_][index % vcs_]; }
  const Branch& branch_at(std::uint32_t index) const { return branches_[index / vcs_][index % vcs_]; }
  /// The virtual channels of its output that a branch may have.
  BitSet channels_of(const Branch& branch) const { return channels_of_class_[branch.channel_class]; }
  std::uint32_t input_vc_of(std::uint32_t branch) const {
    return branch / (router_vcs_ * radix_) * router_vcs_ + branch % router_vcs_;
  }

  RouterMap map_;
  RouterDelays delays_;
  std::uint32_t radix_;
  std::uint32_t vcs_;
  std::uint32_t router_vcs_;  ///< input VCs a router: radix * vcs
  std::uint32_t depth_;       ///< flits a virtual channel
  bool one_class_;            ///< all channels are alike
  /// By class; behind these, all channels.
  std::vector<BitSet> channels_of_class_;
  RouteTrees trees_;

  // Routers by their places, ports by place * radix + port, virtual channels and so on likewise.
  std::vector<RouterId> routers_;
  std::unordered_map<std::uint32_t, std::uint32_t> places_;         ///< by router
  std::unordered_map<std::uint32_t, std::uint32_t> source_places_;  ///< by terminal
  std::vector<std::uint32_t> opposite_;     ///< the input an output leads to, and back; none for terminals and edges
  std::vector<std::uint32_t> terminal_at_;  ///< by port
  std::vector<std::uint32_t> source_at_;    ///< by port

  Cycle now_;
  bool delivered_ = false;  ///< the arrivals of cycle `now_` are done
  NocArrivals* arrivals_ = nullptr;
  EventRing ring_;

  std::vector<PacketRecord> packets_;
  std::vector<std::uint32_t> free_packets_;
  std::vector<Train> trains_;
  std::vector<std::uint32_t> free_trains_;
  std::int64_t packets_outstanding_ = 0;
  std::int64_t singles_outstanding_ = 0;
  std::uint64_t injections_ = 0;

  std::vector<Source> sources_;
  std::vector<std::uint32_t> source_credits_;  ///< by source and VC
  using SourceWake = std::pair<Cycle, std::uint32_t>;
  std::priority_queue<SourceWake, std::vector<SourceWake>, std::greater<SourceWake>> source_wakes_;
  std::vector<std::uint32_t> active_sources_, next_sources_;

  std::vector<InputVc> input_vcs_;
  std::vector<InputPort> input_ports_;
  std::vector<AcceptPointer> accept_pointers_;  ///< by input VC
  std::vector<std::vector<Branch>> branches_;   ///< by router, output, input and VC; empty until the first
  std::vector<Output> outputs_;
  std::vector<OutputVc> output_vcs_;
  std::vector<BitSet> wants_vc_;      ///< VCs, by router, output, input
  std::vector<BitSet> wants_switch_;  ///< VCs, by router, output, input
  std::vector<BitSet> busy_outputs_;  ///< outputs of a router that something wants
  std::vector<bool> router_active_;
  std::vector<std::uint32_t> active_routers_, next_routers_;
  std::vector<Join> joins_;
  std::vector<std::uint32_t> free_joins_;
  std::vector<std::vector<std::uint32_t>> open_joins_;  ///< by router: that wait for shares

  NetworkCounters counters_;
  std::vector<LinkCounters> links_;  ///< behind outputs

  /// What is remembered while only trains are on the way: see MeshPeriods.cpp.
  struct TrainWatch {
    struct Progress {
      std::int64_t made = 0, complete = 0;
      TrainCompletion result;
    };
    using Signature = std::array<std::size_t, 3>;
    std::uint32_t train = none;  ///< each of its packets is an occasion to look
    bool look = false;
    std::int64_t looks = 0;
    std::int64_t save_at = 1;  ///< looks at which the state is saved: powers of two
    std::vector<bool> touched;
    std::vector<std::uint32_t> routers;  ///< that have done something since the watch began
    std::vector<std::int64_t> saved, state;
    Signature signature{};  ///< of the saved state
    Cycle at;
    NetworkCounters counters;
    std::vector<LinkCounters> links, source_links;
    std::vector<Progress> progress;  ///< by train
  };
  TrainWatch watch_;
};

}  // namespace loopsim
