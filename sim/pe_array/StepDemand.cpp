#include "sim/pe_array/StepDemand.hpp"

#include <algorithm>

namespace loopsim {

namespace {

__extension__ typedef __int128 Wide;

/// ceil(bits * clock / bandwidth) where there is something to move.
std::int64_t cycles_for(std::int64_t bits, std::int64_t clock_hz, std::int64_t bandwidth) {
  if (bits == 0 || bandwidth <= 0) return 0;
  const Wide scaled = static_cast<Wide>(bits) * clock_hz;
  return static_cast<std::int64_t>((scaled + bandwidth - 1) / bandwidth);
}

}  // namespace

std::int64_t port_cycles(const PortBandwidth& bandwidth, std::int64_t clock_hz, std::int64_t read_bits,
                         std::int64_t write_bits) {
  if (bandwidth.unlimited()) return 0;
  const std::int64_t read = bandwidth.read.value_or(0);
  const std::int64_t write = bandwidth.write.value_or(0);
  const std::int64_t shared = bandwidth.shared.value_or(0);
  return std::max({cycles_for(read_bits, clock_hz, read + shared), cycles_for(write_bits, clock_hz, write + shared),
                   cycles_for(read_bits + write_bits, clock_hz, read + write + shared)});
}

DemandTable::DemandTable(const BoundTree& tree, EinsumId einsum)
    : tree_(&tree), einsum_(einsum), steps_per_operation_(tree.graph.einsums[einsum].steps_per_operation) {
  const auto& memories = tree.architecture.memories;
  if (memories.size() > banked_level.value && memories[banked_level.value].banks) {
    banks_ = static_cast<std::size_t>(memories[banked_level.value].banks->count);
  }
  intern(Demand());
}

/// Of the instance as a whole, or of the first of its `banks`.
std::size_t DemandTable::slot_of(LevelId level, const Place& instance, std::size_t banks) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].level == level && slots_[i].instance == instance && slots_[i].bank.has_value() == (banks > 0)) {
      return 2 * i;
    }
  }
  const std::size_t first = slots_.size();
  if (banks == 0) slots_.push_back({level, instance, std::nullopt});
  for (std::size_t bank = 0; bank < banks; ++bank) slots_.push_back({level, instance, bank});
  return 2 * first;
}

std::size_t DemandTable::slot_banks(const Place& instance) {
  return slot_of(banked_level, instance, banks_);
}

std::size_t DemandTable::slot_outside(LevelId level, const Place& instance) {
  return slot_of(level, instance);
}

bool DemandTable::is_limited(LevelId level) const {
  const auto& memories = tree_->architecture.memories;
  return level.value >= levels_outside_array && level.value < memories.size() &&
         !memories[level.value].bandwidth.unlimited();
}

std::size_t DemandTable::slot_private(LevelId level) {
  return slot_of(level, {});
}

DemandId DemandTable::intern(StepDemand bits, TensorId tensor, std::vector<StepPacket> packets) {
  Demand demand;
  for (const std::int64_t amount : bits) demand.most.push_back({tensor, amount});
  demand.bits = std::move(bits);
  if (!packets.empty()) {
    const auto known = std::find(packet_sets_.begin(), packet_sets_.end(), packets);
    demand.packets.push_back(static_cast<std::size_t>(known - packet_sets_.begin()));
    if (known == packet_sets_.end()) packet_sets_.push_back(std::move(packets));
  }
  return intern(std::move(demand));
}

DemandId DemandTable::intern(Demand demand) {
  StepDemand& bits = demand.bits;
  while (!bits.empty() && bits.back() == 0) bits.pop_back();
  demand.most.resize(bits.size());
  std::vector<std::int64_t> key{static_cast<std::int64_t>(demand.packets.size())};
  key.insert(key.end(), demand.packets.begin(), demand.packets.end());
  key.insert(key.end(), bits.begin(), bits.end());
  const auto [found, added] = ids_.emplace(std::move(key), static_cast<DemandId>(demands_.size()));
  if (added) demands_.push_back(std::move(demand));
  return found->second;
}

DemandId DemandTable::add(DemandId a, DemandId b) {
  if (a == 0) return b;
  if (b == 0) return a;
  const auto [found, added] = sums_.emplace(std::minmax(a, b), 0);
  if (added) {
    Demand sum = demands_[a];
    const Demand& other = demands_[b];
    sum.bits.resize(std::max(sum.bits.size(), other.bits.size()));
    sum.most.resize(sum.bits.size());
    for (std::size_t i = 0; i < other.bits.size(); ++i) {
      sum.bits[i] += other.bits[i];
      Share& most = sum.most[i];
      if (most.tensor == other.most[i].tensor) {
        most.bits += other.most[i].bits;
      } else if (other.most[i].bits > most.bits) {
        most = other.most[i];
      }
    }
    sum.packets.insert(sum.packets.end(), other.packets.begin(), other.packets.end());
    std::sort(sum.packets.begin(), sum.packets.end());
    found->second = intern(std::move(sum));
  }
  return found->second;
}

const ArrayStep& DemandTable::step_of(DemandId demand) {
  if (step_of_demand_.size() <= demand) step_of_demand_.resize(demands_.size());
  const ArrayStep*& known = step_of_demand_[demand];
  if (known != nullptr) return *known;
  ArrayStep step = make_step(demands_[demand]);
  const auto same = std::find_if(steps_.begin(), steps_.end(), [&](const ArrayStep& other) {
    return other.cycles_per_step == step.cycles_per_step && other.read_bits == step.read_bits &&
           other.write_bits == step.write_bits && other.bank_reads == step.bank_reads &&
           other.bank_writes == step.bank_writes && other.packets == step.packets;
  });
  if (same != steps_.end()) {
    known = &*same;
  } else {
    steps_.push_back(std::move(step));
    known = &steps_.back();
  }
  return *known;
}

ArrayStep DemandTable::make_step(const Demand& demand) const {
  const StepDemand& bits = demand.bits;
  ArrayStep step;
  step.cycles_per_step = steps_per_operation_;
  step.einsum = einsum_;
  step.read_bits.assign(levels_outside_array, 0);
  step.write_bits.assign(levels_outside_array, 0);
  step.most_read.resize(levels_outside_array);
  step.most_written.resize(levels_outside_array);
  step.bank_reads.assign(banks_, 0);
  step.bank_writes.assign(banks_, 0);
  for (const std::size_t set : demand.packets) step.packets.push_back(&packet_sets_[set]);
  for (std::size_t i = 0; i < bits.size(); i += 2) {
    const std::size_t level = slots_[i / 2].level.value;
    const std::int64_t read = bits[i];
    const std::int64_t write = i + 1 < bits.size() ? bits[i + 1] : 0;
    if (const auto bank = slots_[i / 2].bank) {
      step.bank_reads[*bank] = std::max(step.bank_reads[*bank], read);
      step.bank_writes[*bank] = std::max(step.bank_writes[*bank], write);
    } else if (level < levels_outside_array) {
      if (read > step.read_bits[level]) {
        step.read_bits[level] = read;
        step.most_read[level] = demand.most[i].tensor;
      }
      if (write > step.write_bits[level]) {
        step.write_bits[level] = write;
        step.most_written[level] = demand.most[i + 1].tensor;
      }
    } else {
      step.cycles_per_step = std::max(step.cycles_per_step, port_cycles(tree_->architecture.memories[level].bandwidth,
                                                                        tree_->architecture.clock_hz, read, write));
    }
  }
  return step;
}

}  // namespace loopsim
