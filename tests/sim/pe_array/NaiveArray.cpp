#include "tests/sim/pe_array/NaiveArray.hpp"

#include <algorithm>
#include <cmath>

#include "mapping/LineMap.hpp"
#include "mapping/tiles/LoopSlice.hpp"
#include "mapping/tiles/TileStream.hpp"
#include "sim/pe_array/PeStrides.hpp"

namespace loopsim {

namespace {

std::vector<Coordinate> first(const std::vector<Coordinate>& list, std::size_t count) {
  return {list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<std::vector<Coordinate>> points_of(const PointSet& set) {
  std::vector<std::vector<Coordinate>> result;
  for (const Box& box : set.boxes()) {
    std::vector<std::vector<Coordinate>> partial{{}};
    for (const IntervalSet& dimension : box.dimensions) {
      std::vector<std::vector<Coordinate>> next;
      for (const auto& start : partial) {
        for (const Interval run : dimension.runs()) {
          for (Coordinate x = run.low; x < run.high; ++x) {
            next.push_back(start);
            next.back().push_back(x);
          }
        }
      }
      partial = std::move(next);
    }
    result.insert(result.end(), partial.begin(), partial.end());
  }
  return result;
}

bool is_spatial(const BoundTree& tree, NodeId node) {
  return tree.nodes[node].kind == NodeKind::spatial;
}

}  // namespace

/// Bits in one step. Private levels: of the busiest instance of each point, added up.
struct NaiveArray::Demand {
  struct Bits {
    std::int64_t read = 0;
    std::int64_t written = 0;
  };
  std::map<std::pair<std::uint32_t, Index>, Bits> outside;  ///< by level and instance
  std::map<std::uint32_t, Bits> inside;
  std::map<std::pair<Index, std::size_t>, Bits> banks;  ///< line accesses, by instance and bank
  std::vector<StepPacket> packets;
};

std::map<std::size_t, std::int64_t> NaiveArray::lines_of(TensorId tensor, const Words& words) const {
  const LineMap map = line_map(tree_, tensor);
  const std::int64_t banks = tree_.architecture.memories[1].banks->count;
  std::set<std::int64_t> lines;
  for (const Index& word : words) lines.insert(map.line_of(word));
  std::map<std::size_t, std::int64_t> by_bank;
  for (const std::int64_t line : lines) {
    const std::int64_t first = tree_.graph.tensors[tensor].first_bank.value_or(tensor.value);
    ++by_bank[static_cast<std::size_t>((line + first) % banks)];
  }
  return by_bank;
}

NaiveArray::NaiveArray(const BoundTree& tree, ArrayProgram program)
    : tree_(tree),
      program_(std::move(program)),
      einsum_(tree.graph.einsums[program_.einsum]),
      path_(path_to(tree, program_.compute)),
      points_(traffic_points(tree, program_)) {}

std::size_t NaiveArray::last_position(LevelId level) const {
  std::size_t last = path_.size() - 1;
  for (std::size_t i = path_.size(); i-- > 0;) {
    const BoundNode& node = tree_.nodes[path_[i]];
    if (node.kind == NodeKind::storage && node.level == level) return i;
  }
  return last;
}

std::size_t NaiveArray::spatial_above(std::size_t position) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < position; ++i) count += is_spatial(tree_, path_[i]);
  return count;
}

void NaiveArray::enumerate(std::size_t position, const Index& time, const std::map<Index, Operations>& work,
                           std::vector<Step>& steps) const {
  if (position == program_.nodes.size()) {
    steps.push_back({time, work});
    return;
  }
  const BoundNode& node = tree_.nodes[program_.nodes[position]];
  if (!is_loop(node.kind)) {
    enumerate(position + 1, time, work, steps);
    return;
  }
  std::map<Coordinate, std::map<Index, Operations>> iterations;
  for (const auto& [place, operations] : work) {
    Coordinate low = operations.front()[node.rank];
    Coordinate high = low;
    for (const Index& operation : operations) {
      low = std::min(low, operation[node.rank]);
      high = std::max(high, operation[node.rank]);
    }
    const std::int64_t shape = tile_shape_of(node, high - low + 1);
    for (const Index& operation : operations) {
      const Coordinate index = (operation[node.rank] - low) / shape;
      Index where = place;
      if (node.kind == NodeKind::spatial) where.push_back(index);
      iterations[node.kind == NodeKind::temporal ? index : 0][where].push_back(operation);
    }
  }
  for (const auto& [index, inner] : iterations) {
    Index when = time;
    if (node.kind == NodeKind::temporal) when.push_back(index);
    enumerate(position + 1, when, inner, steps);
  }
}

std::vector<NaiveArray::Step> NaiveArray::steps_of(const std::vector<ArrayLane>& lanes) const {
  std::map<Index, Operations> work;
  for (const ArrayLane& lane : lanes) {
    Operations operations = points_of(lane.operations);
    if (!operations.empty()) work[lane.place] = std::move(operations);
  }
  std::vector<Step> steps;
  if (!work.empty()) enumerate(0, {}, work, steps);
  return steps;
}

NaiveArray::Words NaiveArray::words_of(TensorId tensor, const Operations& operations) const {
  Words words;
  for (const TensorAccess* access : accesses_of(einsum_)) {
    if (access->tensor != tensor) continue;
    for (const Index& operation : operations) {
      Index word;
      for (const AffineExpression& expression : access->projection) {
        Coordinate x = expression.constant;
        for (const AffineTerm& term : expression.terms) x += term.coefficient * operation[term.rank];
        word.push_back(x);
      }
      if (!tree_.zero_padding || exists(tensor, word)) words.insert(word);
    }
  }
  return words;
}

bool NaiveArray::exists(TensorId tensor, const Index& word) const {
  for (const Box& box : tree_.tensors[tensor].extent.boxes()) {
    bool inside = true;
    for (std::size_t d = 0; d < word.size(); ++d) inside &= box.dimensions[d].contains(word[d]);
    if (inside) return true;
  }
  return false;
}

/// What the instances held of a point in the last iteration of its loops.
NaiveArray::Tiles NaiveArray::last_tiles(std::size_t point, const std::vector<ArrayLane>& lanes, std::size_t times,
                                         std::size_t places) const {
  Tiles tiles;
  const std::vector<Step> steps = steps_of(lanes);
  for (const Step& step : steps) {
    if (first(step.time, times) != first(steps.back().time, times)) continue;
    for (const auto& [place, operations] : step.work) {
      const Words words = words_of(points_[point].tensor, operations);
      tiles[first(place, places)].insert(words.begin(), words.end());
    }
  }
  return tiles;
}

void NaiveArray::execute_point(std::size_t number, const std::vector<Step>& steps, std::optional<NodeId> advanced,
                               bool boxes, ArrayOutcome& outcome, std::vector<Demand>& demands) {
  const TrafficPoint& point = points_[number];
  const BoundNode& node = tree_.nodes[point.node];
  const bool is_compute = node.kind == NodeKind::compute;
  const auto position = static_cast<std::size_t>(std::find(path_.begin(), path_.end(), point.node) - path_.begin());
  const std::size_t last = is_compute ? position : last_position(node.level);
  const std::size_t places = spatial_above(last);
  const std::size_t parent_places =
      point.parent ? std::min(places, spatial_above(last_position(tree_.nodes[*point.parent].level))) : 0;
  std::size_t times = 0;
  for (std::size_t i = path_.size() - program_.nodes.size(); i < position; ++i) {
    times += tree_.nodes[path_[i]].kind == NodeKind::temporal;
  }
  // Loops that the tensor does not depend on, or that never iterate, do not end its tile.
  const std::size_t above = path_.size() - program_.nodes.size();
  const auto depends_on = [&](std::size_t rank) {
    for (const TensorAccess* access : accesses_of(einsum_)) {
      for (const AffineExpression& expression : access->projection) {
        for (const AffineTerm& term : expression.terms) {
          if (access->tensor == point.tensor && term.rank == rank) return true;
        }
      }
    }
    return false;
  };
  std::size_t held_from = position;
  bool changes = !boxes || is_compute;  // with a loop of the program
  for (std::size_t i = position; boxes && !is_compute && i-- > above;) {
    const BoundNode& loop = tree_.nodes[path_[i]];
    if (loop.kind != NodeKind::temporal) continue;
    const auto& unchanged = program_.unchanged[i - above];
    changes = program_.iterates[i - above] && depends_on(loop.rank) &&
              std::find(unchanged.begin(), unchanged.end(), point.tensor) == unchanged.end();
    if (changes) break;
    held_from = i;
    --times;
  }
  // Nor do those above the cut with which it does not change.
  if (!changes) {
    held_from = 0;
    for (std::size_t rank = 0; rank < program_.changes_with.size(); ++rank) {
      for (std::size_t i = 0; depends_on(rank) && i < above; ++i) {
        if (program_.changes_with[rank] == path_[i]) held_from = std::max(held_from, i + 1);
      }
    }
  }
  const auto held = held_.find(number);
  const Tiles at_start = last_tiles(number, held == held_.end() ? previous_ : held->second, times, places);
  Tiles before = at_start;

  // Rule R6: own axes, and the last index that is none of them.
  std::vector<std::size_t> own;
  std::optional<std::size_t> innermost;
  for (std::size_t i = 0; i < last; ++i) {
    const BoundNode& node_above = tree_.nodes[path_[i]];
    if (!has_index(node_above.kind) ||
        ((node_above.kind == NodeKind::temporal || node_above.kind == NodeKind::sequential) && i >= held_from))
      continue;
    if (node_above.kind == NodeKind::spatial && node_above.level == node.level) {
      own.push_back(spatial_above(i));
    } else {
      innermost = i;
    }
  }
  const bool has_peers =
      (own.size() == 1 || own.size() == 2) && innermost && tree_.nodes[path_[*innermost]].kind == NodeKind::temporal;
  const bool innermost_above_cut = innermost && *innermost < above;

  bool by_level = false;  // LoopTree multicasts to other instances than the machine
  for (std::size_t axis = parent_places; axis < places; ++axis) {
    by_level |= std::find(own.begin(), own.end(), axis) == own.end();
  }
  if (point.parent && tree_.nodes[*point.parent].level != node.level) {
    by_level |= std::any_of(own.begin(), own.end(), [&](std::size_t axis) { return axis < parent_places; });
  }

  std::map<Index, Tiles> tiles_at;
  for (std::size_t start = 0; start < steps.size();) {
    const Index time = first(steps[start].time, times);
    Tiles tiles;
    Operations beginning;
    std::size_t end = start;
    for (; end < steps.size() && first(steps[end].time, times) == time; ++end) {
      for (const auto& [place, operations] : steps[end].work) {
        const Words words = words_of(point.tensor, operations);
        tiles[first(place, places)].insert(words.begin(), words.end());
        for (const Index& operation : operations) {
          bool begins = true;
          for (const std::size_t rank : reduction_ranks(einsum_)) {
            begins &= operation[rank] == tree_.graph.ranks[einsum_.ranks[rank]].low;
          }
          if (begins) beginning.push_back(operation);
        }
      }
    }
    const Words first_words = point.output ? words_of(point.tensor, beginning) : Words();

    const Tiles* neighbours = nullptr;
    if (has_peers && innermost_above_cut) {
      if (advanced == path_[*innermost]) neighbours = &before;
    } else if (has_peers && time.back() > 0) {
      Index earlier = time;
      --earlier.back();
      if (const auto found = tiles_at.find(earlier); found != tiles_at.end()) neighbours = &found->second;
    }

    ArrayTraffic& traffic = outcome.traffic[number];
    std::map<Index, Words> touched;
    std::map<Index, Words> moved;
    std::map<Index, std::map<Index, std::vector<PeNode>>> takers;
    std::map<Index, Words> ruled;  // by instances of the point's own level
    std::int64_t copies = 0;
    std::int64_t max_fill = 0;
    std::int64_t max_peers = 0;
    std::int64_t max_own = 0;
    for (const auto& [place, tile] : tiles) {
      traffic.touched_max_occupancy = std::max(traffic.touched_max_occupancy, static_cast<std::int64_t>(tile.size()));
      std::int64_t fill = 0;
      std::int64_t peers = 0;
      std::int64_t own_words = 0;
      for (const Index& word : tile) {
        if (!is_compute && before.count(place) > 0 && before.at(place).count(word) > 0) continue;
        const bool counts = exists(point.tensor, word);
        bool from_peer = false;
        for (const std::size_t axis : own) {
          for (const Coordinate step : {-1, 1}) {
            Index other = place;
            other[axis] += step;
            from_peer |= neighbours != nullptr && neighbours->count(other) > 0 && neighbours->at(other).count(word) > 0;
          }
        }
        ++traffic.touched_fills;
        traffic.moved_fills += counts;
        const bool written = !point.output || from_peer || first_words.count(word) == 0;
        fill += counts && written;
        if (from_peer) {
          ++traffic.peers;
          peers += counts;
          continue;
        }
        own_words += counts;
        copies += counts;
        touched[first(place, parent_places)].insert(word);
        Index others = place;
        for (const std::size_t axis : own) others[axis] = 0;
        ruled[by_level ? others : first(place, parent_places)].insert(word);
        if (counts) moved[first(place, parent_places)].insert(word);
        if (counts) takers[first(place, parent_places)][word].push_back(pe_at(place, pe_strides(tree_, program_)));
      }
      max_fill = std::max(max_fill, fill);
      max_peers = std::max(max_peers, peers);
      max_own = std::max(max_own, own_words);
    }

    Demand& demand = demands[start];
    Demand::Bits parent;
    for (const auto& [instance, words] : touched) traffic.touched_parent += static_cast<std::int64_t>(words.size());
    for (const auto& [instance, words] : ruled) traffic.ruled_parent += static_cast<std::int64_t>(words.size());
    for (const auto& [instance, words] : moved) {
      const auto distinct = static_cast<std::int64_t>(words.size());
      const std::int64_t begun =
          std::count_if(words.begin(), words.end(), [&](const Index& word) { return first_words.count(word) > 0; });
      traffic.moved_parent += distinct;
      copies -= distinct;
      traffic.first_updates += begun;
      if (!point.parent) continue;
      const LevelId level = tree_.nodes[*point.parent].level;
      for (const Index& word : words) {
        if (level.value != 1) break;
        if (first_words.count(word) == 0) words_of_steps_[start].read[point.tensor].insert(word);
        if (point.output) words_of_steps_[start].written[point.tensor].insert(word);
      }
      const std::int64_t bits = word_bits(tree_, point.tensor, level);
      const Demand::Bits one{(distinct - begun) * bits, point.output ? distinct * bits : 0};
      parent = {std::max(parent.read, one.read), std::max(parent.written, one.written)};
      if (level.value < 2) {
        demand.outside[{level.value, instance}].read += one.read;
        demand.outside[{level.value, instance}].written += one.written;
      }
      if (level.value < 2 && tree_.architecture.noc) {
        const auto accesses = accesses_of(einsum_);
        std::size_t operand = 0;
        while (accesses[operand]->tensor != point.tensor) ++operand;
        for (auto& [word, nodes] : takers[instance]) {
          std::sort(nodes.begin(), nodes.end());
          nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
          const bool begins = first_words.count(word) > 0;
          if (!point.output) demand.packets.push_back({false, level, operand, bits, nodes});
          if (point.output && !begins) demand.packets.push_back({false, level, operand, bits, {nodes.front()}});
          if (point.output) demand.packets.push_back({true, level, operand, bits, nodes});
        }
      }
      if (level.value == 1 && tree_.architecture.memories[1].banks) {
        Words read;
        for (const Index& word : words) {
          if (first_words.count(word) == 0) read.insert(word);
        }
        for (const auto& [bank, lines] : lines_of(point.tensor, read)) demand.banks[{instance, bank}].read += lines;
        if (!point.output) continue;
        for (const auto& [bank, lines] : lines_of(point.tensor, words)) demand.banks[{instance, bank}].written += lines;
      }
    }
    if (point.parent && tree_.nodes[*point.parent].level.value >= 2) {
      demand.inside[tree_.nodes[*point.parent].level.value].read += parent.read;
      demand.inside[tree_.nodes[*point.parent].level.value].written += parent.written;
    }
    if (point.output) traffic.reduction_starts += copies;
    if (!is_compute) {
      const std::int64_t bits = word_bits(tree_, point.tensor, node.level);
      demand.inside[node.level.value].read += (max_peers + (point.output ? max_own : 0)) * bits;
      demand.inside[node.level.value].written += max_fill * bits;
    }

    tiles_at[time] = tiles;
    before = std::move(tiles);
    start = end;
  }
  if (!boxes || is_compute || times > 0 || steps.empty()) return;
  // Whoever idles keeps its tile as long as the others keep theirs, within the loop that changes the tiles.
  const auto loop_that_moved = advanced ? std::find(path_.begin(), path_.end(), *advanced) : path_.end();
  const auto moved = static_cast<std::size_t>(loop_that_moved - path_.begin());
  const bool keeps = (held_from == 0 || (advanced && moved >= held_from)) &&
                     std::all_of(before.begin(), before.end(), [&](const auto& tile) {
                       return at_start.count(tile.first) > 0 && at_start.at(tile.first) == tile.second;
                     });
  if (!keeps) held_.erase(number);
  if (keeps && held == held_.end() && !previous_.empty()) held_.emplace(number, previous_);
}

/// Every coordinate that a stored tensor's ranks have occurs with every one of the other ranks.
bool NaiveArray::loops_keep_tiles(const std::vector<ArrayLane>& lanes) const {
  for (const TrafficPoint& point : points_) {
    if (tree_.nodes[point.node].kind == NodeKind::compute) continue;
    std::set<std::size_t> ranks;
    for (const TensorAccess* access : accesses_of(einsum_)) {
      for (const AffineExpression& expression : access->projection) {
        for (const AffineTerm& term : expression.terms) {
          if (access->tensor == point.tensor) ranks.insert(term.rank);
        }
      }
    }
    for (const ArrayLane& lane : lanes) {
      std::map<Index, std::set<Index>> with;
      for (const Index& operation : points_of(lane.operations)) {
        Index of_tensor;
        Index others;
        for (std::size_t r = 0; r < operation.size(); ++r)
          (ranks.count(r) > 0 ? of_tensor : others).push_back(operation[r]);
        with[of_tensor].insert(others);
      }
      for (const auto& [of_tensor, others] : with) {
        if (others != with.begin()->second) return false;
      }
    }
  }
  return true;
}

ArrayOutcome NaiveArray::execute(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced) {
  ArrayOutcome outcome;
  outcome.traffic.resize(points_.size());
  const std::vector<Step> steps = steps_of(lanes);
  outcome.steps = static_cast<std::int64_t>(steps.size()) * einsum_.steps_per_operation;
  std::vector<Demand> demands(steps.size());
  words_of_steps_.assign(steps.size(), {});
  const bool boxes = loops_keep_tiles(lanes) && loops_keep_tiles(previous_);
  if (!boxes) held_.clear();
  for (std::size_t p = 0; p < points_.size(); ++p) execute_point(p, steps, advanced, boxes, outcome, demands);
  if (!steps.empty()) previous_ = lanes;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    for (const auto& [place, operations] : steps[s].work) {
      outcome.operations += static_cast<std::int64_t>(operations.size());
    }
    ArrayStep run{einsum_.steps_per_operation, {0, 0}, {0, 0}, {}, {}, {}};
    if (tree_.architecture.memories.size() > 1 && tree_.architecture.memories[1].banks) {
      const auto banks = static_cast<std::size_t>(tree_.architecture.memories[1].banks->count);
      run.bank_reads.resize(banks);
      run.bank_writes.resize(banks);
    }
    for (const auto& [key, lines] : demands[s].banks) {
      run.bank_reads[key.second] = std::max(run.bank_reads[key.second], lines.read);
      run.bank_writes[key.second] = std::max(run.bank_writes[key.second], lines.written);
    }
    for (const auto& [key, bits] : demands[s].outside) {
      run.read_bits[key.first] = std::max(run.read_bits[key.first], bits.read);
      run.write_bits[key.first] = std::max(run.write_bits[key.first], bits.written);
    }
    for (const auto& [level, bits] : demands[s].inside) {
      const PortBandwidth& bandwidth = tree_.architecture.memories[level].bandwidth;
      const auto cycles = [&](std::int64_t amount, std::int64_t ports) {
        if (amount == 0 || ports == 0) return std::int64_t{0};
        return static_cast<std::int64_t>(
            std::ceil(static_cast<double>(amount) * static_cast<double>(tree_.architecture.clock_hz) /
                      static_cast<double>(ports)));
      };
      const std::int64_t r = bandwidth.read.value_or(0);
      const std::int64_t w = bandwidth.write.value_or(0);
      const std::int64_t both = bandwidth.shared.value_or(0);
      run.cycles_per_step = std::max({run.cycles_per_step, cycles(bits.read, r + both), cycles(bits.written, w + both),
                                      cycles(bits.read + bits.written, r + w + both)});
    }
    if (!demands[s].packets.empty()) run.packets.push_back(&packets_.emplace_back(std::move(demands[s].packets)));
    const ArrayStep* previous = outcome.runs.empty() ? nullptr : outcome.runs.back().step;
    if (previous != nullptr && previous->cycles_per_step == run.cycles_per_step &&
        previous->read_bits == run.read_bits && previous->write_bits == run.write_bits && previous->packets.empty() &&
        run.packets.empty() && previous->bank_reads == run.bank_reads && previous->bank_writes == run.bank_writes) {
      ++outcome.runs.back().steps;
    } else {
      outcome.runs.push_back({1, &kinds_.emplace_back(std::move(run))});
    }
  }
  return outcome;
}

}  // namespace loopsim
