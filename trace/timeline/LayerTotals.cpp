#include "trace/timeline/LayerTotals.hpp"

#include <algorithm>

namespace loopsim {

void LayerTotals::Span::include(Cycle from, Cycle to) {
  begin = count == 0 ? from : std::min(begin, from);
  end = std::max(end, to);
  ++count;
}

void LayerTotals::add(const OperationRecord& record) {
  OperationTotal& total = operations_[record.operation->leaf];
  total.span.include(record.start, record.end);
  total.operations += record.operations;
  total.steps += record.steps;
  total.compute += record.spent.compute.value;
  for (std::size_t cause = 0; cause < stall_causes; ++cause) total.stalls[cause] += record.spent.stall[cause].value;
}

void LayerTotals::add(const MoveRoute& route, const Transfer& transfer) {
  MoveTotal& total = moves_[route];
  total.span.include(transfer.issued, transfer.completed);
  total.read += transfer.move.read.value;
  total.written += transfer.move.written.value;
}

void LayerTotals::write(const ObservedRun& run, const TimelineNames& names, TimelineWriter& writer) const {
  const TrackId einsums = writer.add_group("einsums");
  for (LeafIndex leaf = 0; leaf < operations_.size(); ++leaf) {
    const OperationTotal& total = operations_[leaf];
    if (total.span.count == 0) continue;
    const std::string& name = run.tree->graph.einsums[run.schedule->leaves[leaf].einsum].name;
    TimelineSlice slice{writer.add_track(name, einsums),
                        names.einsums[leaf],
                        run.clock.at(total.span.begin),
                        run.clock.at(total.span.end),
                        {},
                        {}};
    slice.arguments = {{names.cycle, total.span.begin.value, {}},
                       {names.cycles, (total.span.end - total.span.begin).value, {}},
                       {names.tiles, total.span.count, {}},
                       {names.operations, total.operations, {}},
                       {names.steps, total.steps, {}},
                       {names.compute_cycles, total.compute, {}}};
    for (std::size_t cause = 0; cause < stall_causes; ++cause) {
      if (total.stalls[cause] > 0) slice.arguments.push_back({names.stalls[cause], total.stalls[cause], {}});
    }
    writer.slice(slice);
  }
  std::map<std::string, TrackId> groups;
  for (const auto& [route, total] : moves_) {
    const std::string group = describe(route, run);
    auto found = groups.find(group);
    if (found == groups.end()) found = groups.emplace(group, writer.add_group(group)).first;
    const TimelineNameId name = route.kind == Move::Kind::fill ? names.fills[route.tensor] : names.drains[route.tensor];
    TimelineSlice slice{writer.add_track(run.tree->graph.tensors[route.tensor].name, found->second),
                        name,
                        run.clock.at(total.span.begin),
                        run.clock.at(total.span.end),
                        {},
                        {}};
    slice.arguments = {{names.cycle, total.span.begin.value, {}},
                       {names.cycles, (total.span.end - total.span.begin).value, {}},
                       {names.moves, total.span.count, {}},
                       {names.words_read, total.read, {}},
                       {names.words_written, total.written, {}}};
    writer.slice(slice);
  }
}

}  // namespace loopsim
