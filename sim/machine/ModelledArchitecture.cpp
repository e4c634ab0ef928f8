#include "sim/machine/ModelledArchitecture.hpp"

namespace loopsim {

namespace {

/// A quantity of the machine, the effect that models it, and what it is without.
struct ModelledQuantity {
  bool Effects::*effect;
  void (*neutral)(Architecture&);
};

template <class Change>
void for_each_memory(Architecture& architecture, Change change) {
  for (MemoryLevel& memory : architecture.memories) change(memory);
}

const ModelledQuantity quantities[] = {
    {&Effects::bandwidth, [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.bandwidth = {}; }); }},
    {&Effects::bandwidth, [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.latency_cycles = 0; }); }},
    {&Effects::bandwidth,
     [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.transfer_overhead_cycles = 0; }); }},
    {&Effects::bandwidth, [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.size_bits.reset(); }); }},
    {&Effects::bandwidth,
     [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.copy_bandwidth.reset(); }); }},
    {&Effects::bandwidth, [](Architecture& a) { a.bus = {}; }},
    {&Effects::bandwidth, [](Architecture& a) { a.mesh.operation_overhead_cycles = 0; }},
    {&Effects::bandwidth, [](Architecture& a) { a.mesh.operation_latency_cycles = 0; }},
    {&Effects::bandwidth, [](Architecture& a) { a.mesh.adder_latency_cycles = 0; }},
    {&Effects::bandwidth, [](Architecture& a) { a.mesh.hold_results = false; }},
    {&Effects::glb, [](Architecture& a) { for_each_memory(a, [](MemoryLevel& m) { m.banks.reset(); }); }},
    {&Effects::noc, [](Architecture& a) { a.noc.reset(); }},
};

}  // namespace

Architecture modelled_architecture(Architecture architecture, Effects effects) {
  for (const ModelledQuantity& quantity : quantities) {
    if (!(effects.*quantity.effect)) quantity.neutral(architecture);
  }
  if (effects.noc) architecture.bus = {};  // the network takes its place
  return architecture;
}

}  // namespace loopsim
