#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "trace/sink/Trace.hpp"
#include "trace/timeline/BandwidthCounters.hpp"
#include "trace/timeline/DramTracks.hpp"
#include "trace/timeline/LayerTotals.hpp"
#include "trace/timeline/MoveRoute.hpp"
#include "trace/timeline/SlotTracks.hpp"
#include "trace/timeline/TileFlows.hpp"
#include "trace/timeline/TimelineLevel.hpp"
#include "trace/timeline/TimelineNames.hpp"
#include "trace/timeline/TimelineWriter.hpp"

namespace loopsim {

/// A run as a timeline of any format. Keeps what is under way, and sums for each einsum and tensor.
class TimelineTrace : public Trace {
 public:
  using MakeWriter = std::function<std::unique_ptr<TimelineWriter>()>;

  TimelineTrace(MakeWriter make_writer, TimelineLevel level, TraceLimits limits);

  void begin(const ObservedRun& run) override;
  void transfer_submitted(const Transfer& transfer) override;
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override;
  void operation_started(StageIndex stage, const TileOperation& operation, Cycle now) override;
  void operation_ended(const OperationRecord& record) override;
  void words_held(LevelId level, Words words, Cycle now) override;
  void memory_burst(Picoseconds time, std::int64_t bytes, bool write) override;
  void dram_request(const DramRequestRecord& request) override;
  void dram_command(std::uint32_t channel, const DramCommandRecord& command) override;
  void finish(const TraceEnd& end) override;

 private:
  /// A transfer under way.
  struct OpenTransfer {
    MoveRoute route;
    std::size_t slot = 0;
    Cycle issued;
  };
  struct OpenOperation {
    LeafIndex leaf = 0;
    Cycle start;
  };
  /// Words held in a level.
  struct Held {
    std::optional<TrackId> track;
    Words words;
    bool written = false;  ///< since the window began
  };

  bool full(Cycle now);
  Picoseconds at(Cycle cycle) const { return run_->clock.at(cycle); }
  TimelineSlice& new_slice(TrackId track, TimelineNameId name, Cycle begin, Cycle end);
  TrackId track_of(const OpenTransfer& transfer);
  void write_parts(const Transfer& transfer, TrackId track);
  void write_held(LevelId level, Held& held, Cycle now);
  void close_open(Cycle now);

  MakeWriter make_writer_;
  TimelineLevel level_;
  TraceLimits limits_;
  std::optional<Cycle> full_at_;
  std::unique_ptr<TimelineWriter> writer_;
  std::optional<ObservedRun> run_;
  std::optional<TimelineNames> names_;
  std::optional<TileFlows> flows_;
  std::optional<LayerTotals> layers_;
  std::optional<DramTracks> dram_;
  std::optional<BandwidthCounters> bandwidth_;
  std::vector<TrackId> stage_tracks_;
  std::map<MoveRoute, SlotTracks> slot_tracks_;
  std::optional<TrackId> held_group_;
  std::map<LevelId, Held> held_;
  std::map<std::int64_t, OpenTransfer> open_transfers_;        ///< by number
  std::vector<std::optional<OpenOperation>> open_operations_;  ///< by stage
  TimelineSlice slice_;                                        ///< in the making; its lists are allocated once
  std::string tile_;
};

}  // namespace loopsim
