#include "trace/timeline/TimelineNames.hpp"

namespace loopsim {

TimelineNames::TimelineNames(const ObservedRun& run, TimelineWriter& writer) {
  for (const Leaf& leaf : run.schedule->leaves) {
    einsums.push_back(writer.add_name(run.tree->graph.einsums[leaf.einsum].name));
  }
  for (const Tensor& one : run.tree->graph.tensors) {
    fills.push_back(writer.add_name("fill " + one.name));
    drains.push_back(writer.add_name("drain " + one.name));
  }
  for (std::size_t delay = 0; delay < memory_delays; ++delay) {
    delays[delay] = writer.add_name(name_of(static_cast<MemoryDelay>(delay)));
  }
  for (std::size_t cause = 0; cause < stall_causes; ++cause) {
    stalls[cause] = writer.add_name(std::string("stall.") + to_string(static_cast<StallCause>(cause)));
  }
  const auto add = [&](const char* name) { return writer.add_name(name); };
  memory = add("memory");
  buffer = add("buffer");
  cycle = add("cycle");
  cycles = add("cycles");
  tile = add("tile");
  operations = add("operations");
  steps = add("steps");
  tiles = add("tiles");
  moves = add("moves");
  compute_cycles = add("compute");
  tensor = add("tensor");
  einsum = add("einsum");
  words_read = add("words_read");
  words_written = add("words_written");
  source_bits = add("source_bits");
  destination_bits = add("destination_bits");
  row = add("row");
  reads = add("reads");
  writes = add("writes");
  cut = add("cut");
}

}  // namespace loopsim
