#pragma once

#include <array>
#include <optional>
#include <vector>

#include "arch/dram/DramControllerSettings.hpp"
#include "arch/dram/DramPart.hpp"
#include "sim/dram/DramRefreshSchedule.hpp"
#include "sim/dram/DramRequestQueue.hpp"
#include "sim/dram/DramStatistics.hpp"
#include "sim/dram/DramTiming.hpp"

namespace loopsim {

/// A command that was sent, for those who want to watch.
struct DramCommandRecord {
  DramCycles time;
  JedecCommand command{};
  DramBankId bank;  ///< any of the rank for a rank-wide command
  std::uint32_t row = 0;
  std::uint32_t column = 0;
};

/// One channel: its controller and the state of its ranks. Each bank has at most one command that it wants next; the
/// earliest times of these come from the timing tables, and the earliest command is sent. Nothing happens in the clock
/// cycles between. Requests offered at `now` take part in the decisions for `now` and later, so offers must come in
/// order of time and not after `advance` went beyond them.
class DramChannel {
 public:
  DramChannel(const DramPart& part, const DramControllerSettings& settings);

  /// Is there a place for such a request? It may take one in the cycle after a burst of that kind was sent.
  bool has_room(bool write, DramBankId bank) const;
  /// Takes a request; there must be room. Commands before `now` must have been sent (`advance(now - 1)`).
  void accept(const DramRequest& request, const DramLocation& location, DramCycles now,
              std::vector<DramCompletion>& done);
  /// When the next command will be sent if nothing is offered before. Nothing while no request waits: refreshes of an
  /// idle channel are made up for later.
  std::optional<DramCycles> next_event();
  /// Sends all commands up to and including `to`; requests whose burst was sent are appended to `done`.
  void advance(DramCycles to, std::vector<DramCompletion>& done);
  bool idle() const { return waiting_ == 0; }

  DramStatistics statistics() const;
  /// Every command is appended to it from now on.
  void record_commands(std::vector<DramCommandRecord>* records) { records_ = records; }

 private:
  struct Decision {
    DramCycles time = DramRefreshSchedule::never;
    JedecCommand command{};
    DramBankId bank;
    DramEntryId entry = no_dram_entry;  ///< none for refresh
    std::uint64_t order = 0;            ///< of the entry
  };
  /// What a bank wants next for the requests of one list.
  struct Candidate {
    DramCycles ready;  ///< as far as the bank alone is concerned
    std::uint64_t order = 0;
    DramEntryId entry = no_dram_entry;
    JedecCommand command{};
  };
  /// The best so far of a scan over banks; the lowest priority number wins, then the lowest order.
  struct Favourite {
    std::int64_t priority = 0;
    std::uint64_t order = 0;
    DramBankId bank;
    DramList list = DramList::reads;
  };
  /// The earliest times of the commands that requests need, but for what holds in a bank alone.
  using Floors = std::array<DramCycles, jedec_command_count>;

  DramList list_of(const DramRequest& request) const;
  std::size_t bus_of(JedecCommand command) const;
  Candidate candidate(DramList list, DramBankId bank) const;
  /// After every command to the bank.
  void update_candidates(DramBankId bank);
  void update_candidate(DramList list, DramBankId bank);
  void choose_list();
  const Decision& decide();
  /// `both`: for bursts of both directions, else for those that are served.
  Floors floors_of(DramRankId rank, DramGroupId group, bool both) const;
  static std::int64_t priority_of(DramCycles time, JedecCommand command);
  static Favourite favourite(const Decision& decision);
  void take(const Favourite& best, Decision& decision) const;
  void consider_requests(Decision& decision) const;
  void consider_bank(DramList list, DramBankId bank, const Floors& floors, Favourite& best) const;
  void consider_refresh(Decision& best) const;
  void send(Decision decision, std::vector<DramCompletion>& done);
  void send_column(const Decision& decision, std::vector<DramCompletion>& done);
  void send_refresh(const Decision& decision);
  void release_writes_after(const DramLocation& location);
  void set_promised(DramList list, DramBankId bank, bool promised);
  bool promised_to_other(DramList list, DramBankId bank) const;
  void charge_wait(DramEntry& entry, JedecCommand command, DramCycles now);
  void count_turnaround(const Decision& decision);
  void row_opened(DramBankId bank, std::uint32_t row, DramCycles now);
  void row_closed(DramBankId bank, DramCycles now);
  void skip_idle_refreshes(DramCycles until);

  DramControllerSettings settings_;
  DramGeometry geometry_;
  DramCycles burst_cycles_, read_delay_, write_delay_, activate_to_read_, activate_to_write_, precharge_;
  JedecCommand read_command_, write_command_;
  std::size_t buses_;
  std::int64_t write_high_, write_low_;

  DramTiming timing_;
  DramRefreshSchedule refresh_;
  DramRequestQueue queue_;
  std::array<std::vector<Candidate>, dram_list_count> candidates_;   ///< by bank
  std::array<std::vector<std::uint64_t>, dram_list_count> wanting_;  ///< banks with a candidate, a bit each
  /// Banks whose row was opened for a request of the list that has not sent its burst yet.
  std::array<std::vector<std::uint64_t>, dram_list_count> promised_;
  std::vector<DramEntryId> held_writes_;  ///< in order; each waits for an older read of the same burst
  std::array<std::vector<std::int64_t>, dram_list_count> bank_occupancy_;
  std::array<std::int64_t, dram_list_count> occupancy_ = {};  ///< accepted and not sent
  std::array<std::int64_t, dram_list_count> ready_ = {};      ///< … and not held
  std::int64_t waiting_ = 0;
  std::uint64_t accepted_count_ = 0;
  std::uint64_t served_count_ = 0;
  DramList serving_ = DramList::reads;
  bool drain_wanted_ = false;

  std::vector<std::int64_t> hits_since_open_;  ///< by bank
  std::vector<std::uint32_t> open_banks_;      ///< by rank
  std::vector<DramCycles> open_since_;         ///< by rank
  DramCycles now_;                             ///< commands before were sent
  std::array<DramCycles, 2> bus_free_ = {};    ///< command buses
  DramCycles data_end_;                        ///< of the last burst on the data bus
  Decision decision_;
  bool decided_ = false;
  DramStatistics statistics_;
  std::vector<DramCommandRecord>* records_ = nullptr;
};

}  // namespace loopsim
