#include "models/looptree/Traffic.hpp"

#include <algorithm>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

AccessTraffic* parent_of(const AccessTraffic& access, std::vector<AccessTraffic>& accesses) {
  if (!access.path.parent) return nullptr;
  const auto parent = std::find_if(accesses.begin(), accesses.end(), [&](const AccessTraffic& other) {
    return other.path.einsum == access.path.einsum && other.path.storage == access.path.parent;
  });
  return parent == accesses.end() ? nullptr : &*parent;
}

std::int64_t share(std::int64_t words, std::int64_t instances) {
  return words > 0 ? ceil_divide(words, instances) : 0;
}

void settle(const BoundTree& tree, const InstancesAtWork& instances, AccessTraffic& access, AccessTraffic& parent) {
  const AccessCounts& counts = access.counts;
  const std::int64_t parents = instances.of(parent.path.level, access.path.einsum);
  // R8: the first visit of each word of an output starts from zero; once a level and einsum.
  const std::int64_t volume = access.path.written ? tree.tensors[access.path.tensor].words : 0;
  const std::int64_t parent_reads = counts.parent_reads - volume;
  parent.reads += parent_reads;
  parent.reads_per_instance += share(parent_reads, parents);
  if (access.path.written) {
    parent.writes += counts.parent_reads;
    parent.writes_per_instance += share(counts.parent_reads, parents);
  }
  if (!access.path.storage) return;  // MACs hold nothing
  access.writes += counts.fills - volume;
  access.writes_per_instance += share(counts.fills - volume, instances.of(access.path.level, access.path.einsum));
}

}  // namespace

void settle_traffic(const BoundTree& tree, const InstancesAtWork& instances, std::vector<AccessTraffic>& accesses) {
  for (AccessTraffic& access : accesses) {
    if (AccessTraffic* parent = parent_of(access, accesses)) settle(tree, instances, access, *parent);
    if (!access.path.storage) continue;
    // A neighbour reads what it hands over, also where nothing is stored further out.
    access.reads += access.counts.peer;
    access.reads_per_instance += share(access.counts.peer, instances.of(access.path.level, access.path.einsum));
  }
}

}  // namespace loopsim
