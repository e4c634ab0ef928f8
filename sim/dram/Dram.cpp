#include "sim/dram/Dram.hpp"

#include <algorithm>

namespace loopsim {

namespace {

std::vector<std::optional<StoredTensor>> tensors_of_nodes(
    const BoundTree& tree, const Schedule& schedule, const IdVector<TensorId, std::optional<StoredTensor>>& placed) {
  std::vector<std::optional<StoredTensor>> tensors;
  for (const HoldingNode& node : holding_nodes(tree, schedule)) {
    tensors.push_back(node.level == LevelId(0) ? placed[node.tensor] : std::nullopt);
  }
  return tensors;
}

}  // namespace

void Dram::load(const BoundTree& tree, const Schedule& schedule, bool ideal, bool jedec, RunObserver* observer) {
  const Architecture& architecture = tree.architecture;
  clock_ = Clock(architecture.clock_hz);
  observed_.reset();
  fixed_.reset();
  jedec_.reset();
  external_.reset();
  if (tlm_.is_bound() && !ideal) {
    const std::int64_t burst_bytes = std::max<std::int64_t>(1, architecture.dram.burst_bits / 8);
    external_ = std::make_unique<TlmMover>(
        architecture, tensors_of_nodes(tree, schedule, place_tensors(tree, burst_bytes)), ports->servers(),
        ports->core(), clock_, [this](const TlmBurst& burst) { tlm_.send(burst); });
    tlm_.use(*external_, [this] { wake(); });
    return use(*external_);
  }
  if (!jedec) {
    fixed_ = std::make_unique<FixedDram>(architecture, ports->servers(), ports->core(), clock_);
    fixed_->observe(observer);
    return use(*fixed_);
  }
  DramMemory memory = make_dram_memory(architecture);
  // Each tensor begins with a row.
  const auto placed = place_tensors(tree, memory.row_bytes());
  jedec_ = std::make_unique<JedecDram>(architecture, std::move(memory), tensors_of_nodes(tree, schedule, placed),
                                       ports->servers(), ports->core(), clock_);
  if (observer != nullptr) {
    jedec_->observe(observer);
    observed_ = ObservedDram{&jedec_->memory(), placed};
  }
  use(*jedec_);
}

DramCounters Dram::counters(Cycle end) {
  if (fixed_) return fixed_->counters();
  if (external_) return external_->counters();
  const DramCounters counters = jedec_->counters(clock_.at(end));
  jedec_->report_commands();
  return counters;
}

}  // namespace loopsim
