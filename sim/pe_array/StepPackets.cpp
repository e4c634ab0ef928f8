#include "sim/pe_array/StepPackets.hpp"

#include <algorithm>
#include <map>

namespace loopsim {

namespace {

/// Words by the PEs at their other end.
using WordsOfNodes = std::map<std::vector<PeNode>, std::int64_t>;

void append_lines(const WordsOfNodes& words_of_nodes, StepPacket packet, const ArrayPoint& point,
                  std::vector<StepPacket>& packets) {
  const std::int64_t words_in_line = std::max<std::int64_t>(1, point.packet_bits / point.parent_bits);
  const auto append = [&](std::int64_t words, std::int64_t count) {
    if (words == 0 || count == 0) return;
    packet.bits = words * point.parent_bits;
    packet.count = count;
    packets.push_back(packet);
  };
  for (const auto& [nodes, words] : words_of_nodes) {
    packet.nodes = nodes;
    append(words_in_line, words / words_in_line);
    append(words % words_in_line, 1);
  }
}

}  // namespace

std::vector<StepPacket> packets_of(const std::vector<WordShare>& shares, const ArrayPoint& point) {
  WordsOfNodes copies;
  WordsOfNodes sums;
  for (const WordShare& share : shares) {
    if (share.words == 0) continue;
    if (!point.traffic.output) {
      copies[share.nodes] += share.words;
      continue;
    }
    if (!share.begins) copies[{share.nodes.front()}] += share.words;
    sums[share.nodes] += share.words;
  }
  StepPacket packet;
  packet.memory = *point.parent_level;
  packet.operand = point.operand;
  std::vector<StepPacket> packets;
  append_lines(copies, packet, point, packets);
  packet.sum = true;
  append_lines(sums, packet, point, packets);
  return packets;
}

}  // namespace loopsim
