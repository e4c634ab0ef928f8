#include "sim/ports/MemoryPorts.hpp"

#include <algorithm>

namespace loopsim {

MemoryPorts make_ports(const Architecture& architecture, PortCore& core, const ArrayNetwork* network) {
  MemoryPorts ports;
  for (std::size_t level = 0; level < architecture.memories.size(); ++level) {
    const MemoryLevel& memory = architecture.memories[level];
    const PortBandwidth& bandwidth = memory.bandwidth;
    const StallCause cause = level == 0 ? StallCause::dram : StallCause::glb;
    LevelPorts level_ports;
    if (memory.banks) {
      BankPorts banks;
      banks.line_bits = memory.line_bits();
      for (std::int64_t bank = 0; bank < memory.banks->count; ++bank) {
        banks.read.push_back(core.add_unit_server(banks.line_bits, StallCause::glb));
        banks.write.push_back(memory.banks->dual_ported ? core.add_unit_server(banks.line_bits, StallCause::glb)
                                                        : banks.read.back());
      }
      level_ports.banks = std::move(banks);
    } else if (!bandwidth.unlimited()) {
      if (!bandwidth.read && !bandwidth.write) {
        level_ports.read = core.add_server(*bandwidth.shared, cause);
        level_ports.write = level == 0 && architecture.dram.separate_channels
                                ? core.add_server(*bandwidth.shared, cause)
                                : *level_ports.read;
      } else {
        const std::int64_t half = bandwidth.shared.value_or(0) / 2;
        const std::int64_t read = bandwidth.read.value_or(0) + half;
        const std::int64_t write = bandwidth.write.value_or(0) + half;
        if (read > 0) level_ports.read = core.add_server(read, cause);
        if (write > 0) level_ports.write = core.add_server(write, cause);
        // One direction without any port: both share what there is.
        if (!level_ports.read) level_ports.read = level_ports.write;
        if (!level_ports.write) level_ports.write = level_ports.read;
      }
    }
    // Without a rate of its own it is held alone.
    level_ports.copy = core.add_server(memory.copy_bandwidth.value_or(1), cause);
    level_ports.copies_in_turn = memory.copy_bandwidth.has_value();
    ports.levels.push_back(level_ports);
  }
  ports.bus_latency = Cycle(architecture.bus.latency_cycles);
  for (std::size_t wire = 0; network != nullptr && wire < network->wires(); ++wire) {
    ports.wires.push_back(core.add_unit_server(1, StallCause::noc));
  }
  if (architecture.bus.bits_per_second) ports.bus = core.add_server(*architecture.bus.bits_per_second, StallCause::noc);
  return ports;
}

Picoseconds reserve_words(PortCore& core, const LevelPorts& ports, Direction direction, Picoseconds now,
                          const TransferPiece& piece, Picoseconds overhead) {
  if (!ports.banks) {
    const std::optional<ServerIndex> port = direction == Direction::read ? ports.read : ports.write;
    return port ? core.reserve(now, *port, piece.bits, overhead) : now;
  }
  const BankPorts& banks = *ports.banks;
  const std::vector<ServerIndex>& servers = direction == Direction::read ? banks.read : banks.write;
  const auto lines_up_to = [&](std::int64_t bits) { return (bits + banks.line_bits - 1) / banks.line_bits; };
  const std::int64_t first = lines_up_to(piece.before);
  const std::int64_t lines = lines_up_to(piece.before + piece.bits) - first;
  const auto count = static_cast<std::int64_t>(servers.size());
  const auto server_of = [&](std::int64_t line) {
    return servers[(piece.first_bank + static_cast<std::size_t>(line)) % servers.size()];
  };
  // A piece of a line that an earlier piece opened goes with that access.
  if (lines == 0) return first == 0 ? now : std::max(now, core.free_at(server_of(first - 1)));
  Picoseconds end = now;
  for (std::int64_t i = 0; i < std::min(lines, count); ++i) {
    const std::int64_t share = lines / count + (i < lines % count ? 1 : 0);
    end = std::max(end, core.reserve(now, server_of(first + i), share * banks.line_bits, overhead));
    overhead = Picoseconds();
  }
  return end;
}

std::optional<Picoseconds> end_of_copies(const PortCore& core, const LevelPorts& level, Picoseconds now) {
  const Picoseconds end = core.free_at(level.copy);
  return end > now ? std::optional(end) : std::nullopt;
}

PortStep port_step(const MemoryPorts& ports, ArrayNetwork* network, const ArrayStep& step, std::int64_t left) {
  PortStep result;
  PortCore::Step& out = result.step;
  out.cycles = step.cycles_per_step;
  std::int64_t total = 0;
  const auto demand = [&](std::optional<ServerIndex> server, std::int64_t bits, TensorId tensor = TensorId()) {
    total += bits;
    if (server && bits > 0) out.demands.push_back({*server, bits, {step.einsum, tensor}});
  };
  for (std::size_t level = 0; level < ports.levels.size(); ++level) {
    if (level >= step.read_bits.size()) continue;
    demand(ports.levels[level].read, step.read_bits[level], step.most_read[level]);
    demand(ports.levels[level].write, step.write_bits[level], step.most_written[level]);
  }
  const std::int64_t bus_bits = total;
  if (ports.levels.size() > banked_level.value && ports.levels[banked_level.value].banks) {
    const BankPorts& banks = *ports.levels[banked_level.value].banks;
    for (std::size_t b = 0; b < step.bank_reads.size(); ++b) {
      demand(banks.read[b], step.bank_reads[b] * banks.line_bits);
    }
    for (std::size_t b = 0; b < step.bank_writes.size(); ++b) {
      demand(banks.write[b], step.bank_writes[b] * banks.line_bits);
    }
  }
  if (ports.bus) demand(*ports.bus, bus_bits);
  const auto any = [](const std::vector<std::int64_t>& bits) {
    return std::any_of(bits.begin(), bits.end(), [](std::int64_t b) { return b > 0; });
  };
  if (any(step.read_bits)) result.operand_delay = ports.bus_latency;
  if (any(step.write_bits)) result.result_delay = ports.bus_latency;
  if (network != nullptr && !step.packets.empty()) {
    out.load = network->load_of(step.packets, left);
    for (const ArrayNetwork::Wire wire : network->wires_of(out.load)) demand(ports.wires[wire.number], wire.cycles);
    result.operand_delay = std::max(result.operand_delay, network->delays(out.load).operands);
    result.result_delay = std::max(result.result_delay, network->delays(out.load).results);
  }
  return result;
}

}  // namespace loopsim
