#include "sim/pe_array/StepPackets.hpp"

#include <algorithm>

namespace loopsim {

namespace {

/// Fills one line after the other.
class Packer {
 public:
  Packer(StepPacket kind, std::int64_t word_bits, std::int64_t line_bits)
      : kind_(std::move(kind)),
        word_bits_(word_bits),
        words_in_line_(std::max<std::int64_t>(1, line_bits / word_bits)) {}

  void add(std::int64_t words, const std::vector<PeNode>& nodes) {
    while (words > 0) {
      const std::int64_t now = std::min(words, words_in_line_ - words_);
      words_ += now;
      words -= now;
      nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
      if (words_ == words_in_line_) close();
    }
  }

  void close() {
    if (words_ == 0) return;
    std::sort(nodes_.begin(), nodes_.end());
    nodes_.erase(std::unique(nodes_.begin(), nodes_.end()), nodes_.end());
    StepPacket packet = kind_;
    packet.bits = words_ * word_bits_;
    packet.nodes = std::move(nodes_);
    packets_.push_back(std::move(packet));
    words_ = 0;
    nodes_.clear();
  }

  void append_to(std::vector<StepPacket>& packets) {
    close();
    std::move(packets_.begin(), packets_.end(), std::back_inserter(packets));
  }

 private:
  StepPacket kind_;
  std::int64_t word_bits_;
  std::int64_t words_in_line_;
  std::int64_t words_ = 0;
  std::vector<PeNode> nodes_;
  std::vector<StepPacket> packets_;
};

}  // namespace

std::vector<StepPacket> packets_of(const std::vector<WordShare>& shares, const ArrayPoint& point) {
  StepPacket kind;
  kind.memory = *point.parent_level;
  kind.operand = point.operand;
  Packer copies(kind, point.parent_bits, point.packet_bits);
  kind.sum = true;
  Packer sums(kind, point.parent_bits, point.packet_bits);
  for (const WordShare& share : shares) {
    if (!point.traffic.output) {
      copies.add(share.words, share.nodes);
      continue;
    }
    if (!share.begins) copies.add(share.words, {share.nodes.front()});
    sums.add(share.words, share.nodes);
  }
  std::vector<StepPacket> packets;
  copies.append_to(packets);
  sums.append_to(packets);
  return packets;
}

}  // namespace loopsim
