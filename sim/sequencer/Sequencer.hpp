#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/attribution/StageLedger.hpp"
#include "sim/buffers/Holdings.hpp"
#include "sim/functional/FunctionalModel.hpp"
#include "sim/observe/ArraySink.hpp"
#include "sim/observe/RunObserver.hpp"
#include "sim/pe_array/ArrayOutcome.hpp"
#include "sim/ports/PortCore.hpp"
#include "sim/sequencer/OperationTotals.hpp"
#include "sim/sequencer/PendingTile.hpp"
#include "sim/sequencer/SpaceAhead.hpp"
#include "sim/sequencer/TileWindow.hpp"
#include "sim/sequencer/TransferTable.hpp"
#include "sim/sequencer/Turns.hpp"
#include "sim/sequencer/TwoSlotRecurrence.hpp"

namespace loopsim {

/// Executes the schedule: admits tile operations into a window of prefetch + 1 a stage, issues their fills, starts the
/// arrays when words, slots and predecessors are there, writes results back, and books where every cycle went.
/// Plain C++ on cycles; the SystemC modules tell it what has completed and when.
class Sequencer {
 public:
  struct Options {
    bool ideal = true;  ///< moves take no time, sizes do not limit
    std::int64_t prefetch = 0;
    Cycle operation_latency;    ///< results appear this long after the array has ended
    bool hold_results = false;  ///< see PeMesh::hold_results
    std::map<LevelId, std::int64_t> minimum_bits;
    RunObserver* observer = nullptr;  ///< told what happens, if there is one
  };

  Sequencer(const BoundTree& tree, const Schedule& schedule, Options options, TransferSink& transfers,
            ArraySink& arrays, FunctionalModel* functional);

  /// Something may have become possible at `now`: what has completed was reported before.
  void step(Cycle now);
  void report_transfer(Transfer& transfer) { done_transfers_.push_back(&transfer); }
  void report_array(StageIndex stage) { done_arrays_.push_back(stage); }

  /// Next moment at which step() has to be called again even if nothing completes.
  std::optional<Cycle> next_wakeup() const;
  bool finished() const;
  /// Who waits for whom, when nothing moves any more.
  std::string describe_deadlock() const;

  Holdings& holdings() { return holdings_; }
  const OperationTotals& totals(LeafIndex leaf) const { return totals_[leaf]; }
  Cycle end() const { return last_completion_; }
  const PathCycles& path() const { return last_path_; }
  std::vector<StageAccount> accounts();
  /// What steps waited for, by WaitId of the port core.
  const std::vector<Picoseconds>& waits(StageIndex stage) const { return stages_[stage].ledger.waits(); }
  /// Two-slot recurrence over the executed steps.
  std::int64_t pipeline_steps() const { return recurrence_.end(); }
  const std::vector<std::string>& conservation_errors() const { return conservation_errors_; }

 private:
  struct StageState {
    StageState(std::string name, TileWindow w) : window(std::move(w)), ledger(std::move(name)) {}
    TileWindow window;
    bool busy = false;
    Cycle result_delay;                        ///< of the job that has just ended
    Cycle retired_at;                          ///< its last operation's results were there
    std::size_t writing = 0;                   ///< write-backs on the way, where results are held
    std::optional<PathCycles> waits_to_leave;  ///< the array has ended, but the results before it are being written
    Cycle array_free;
    PathCycles array_path;
    StageLedger ledger;
  };
  void fill_windows();
  std::optional<TimeIndex> frontier() const;
  void update_progress(StageIndex stage, LeafIndex leaf);
  bool try_admit(StageIndex stage, std::size_t position);
  bool try_start(StageIndex stage);
  void finish_array(StageIndex stage);
  void free_array(StageIndex stage, const PathCycles& path);
  void note_written(StageIndex stage);
  void retire_due();
  void complete_transfers();
  void issue(std::vector<Move> moves, PendingTile* owner, Transfer::Urgency urgency,
             std::optional<StageIndex> writer = std::nullopt);
  void submit_ready();
  void take_turn(PendingTile& tile);
  void note_completion(const PathCycles& path);
  bool wait_for_space(PendingTile& tile, LevelId level);
  void feed_recurrence();
  void observe_completion(const Transfer& transfer, const std::vector<PendingTile*>& users);
  void observe_held_words();

  const BoundTree* tree_;
  const Schedule* schedule_;
  Options options_;
  TransferSink* memory_;
  ArraySink* arrays_;
  FunctionalModel* functional_;
  Holdings holdings_;
  TransferTable transfers_;
  std::vector<OperationTotals> totals_;  ///< by leaf
  std::vector<Cycle> results_at_;        ///< by leaf: of the tile operation that has left the array last
  std::vector<StageState> stages_;
  Turns turns_;
  SpaceAhead ahead_;
  std::vector<Transfer*> done_transfers_;
  std::vector<StageIndex> done_arrays_;
  std::vector<PendingTile*> retiring_;
  TwoSlotRecurrence recurrence_;
  struct Retired {
    TileOperation operation;
    std::int64_t steps = 0;
  };
  std::multimap<TimeIndex, Retired> retired_early_;  ///< before the frontier reached them
  std::int64_t version_ = 0;                         ///< counts changes that may let something go on
  Cycle now_;
  PathCycles trigger_;  ///< critical path of what made this step happen
  Cycle last_completion_;
  PathCycles last_path_;
  std::vector<std::string> conservation_errors_;
  std::vector<Words> held_words_;  ///< as the observer knows them, by level
};

}  // namespace loopsim
