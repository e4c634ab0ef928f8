#pragma once

#include <cstdint>
#include <vector>

#include "arch/dram/JedecCommand.hpp"
#include "sim/dram/DramAddressMap.hpp"
#include "sim/dram/DramRequest.hpp"

namespace loopsim {

/// A place in the queue.
using DramEntryId = Id<struct DramEntryKind>;
inline constexpr DramEntryId no_dram_entry = DramEntryId(0xffffffffU);

/// An accepted request and what became of its time so far.
struct DramEntry {
  DramRequest request;
  DramLocation location;
  std::uint64_t order = 0;  ///< of acceptance
  DramCycles accepted;
  DramCycles charged_until;   ///< the latency up to then has its causes
  DramCycles refresh_before;  ///< DramRefreshSchedule::blocked_before at that time
  DramLatency latency;
  RowOutcome row = RowOutcome::none;
  bool commanded = false;            ///< a command was sent for it,
  JedecCommand last_command{};       ///< this one last
  DramEntryId next = no_dram_entry;  ///< of the same row and kind
};

/// Which requests are served together. With FCFS all are in `reads`.
enum class DramList : std::uint8_t { reads, writes };
inline constexpr std::size_t dram_list_count = 2;

/// The waiting requests of a channel: for each bank and list, the rows that are wanted, for each row its requests in
/// order. So a run of hits takes the next entry, whatever else waits. All memory is taken at the start.
class DramRequestQueue {
 public:
  static constexpr std::uint32_t no_row = 0xffffffffU;

  DramRequestQueue(std::uint32_t banks, std::size_t capacity);

  DramEntry& operator[](DramEntryId id) { return entries_[id.value]; }
  const DramEntry& operator[](DramEntryId id) const { return entries_[id.value]; }

  /// A free entry; there must be one.
  DramEntryId take();
  void release(DramEntryId id);

  /// Adds an entry to what its bank waits for.
  void append(DramList list, DramEntryId id);
  /// Removes the first entry of its row.
  void remove_first(DramList list, DramEntryId id);

  /// The row that is open, or no_row.
  std::uint32_t open_row(DramBankId bank) const { return banks_[bank.value].open_row; }
  void open(DramBankId bank, std::uint32_t row);
  void close(DramBankId bank);

  /// The first request for the open row, or none.
  DramEntryId first_hit(DramList list, DramBankId bank) const {
    const std::uint32_t row = banks_[bank.value].open_rows[static_cast<std::size_t>(list)];
    return row == none ? no_dram_entry : rows_[row].first;
  }
  /// The oldest request for the bank, or none.
  DramEntryId oldest(DramList list, DramBankId bank) const;
  bool empty(DramList list, DramBankId bank) const {
    return banks_[bank.value].first_row[static_cast<std::size_t>(list)] == none;
  }
  /// A request for that burst, or none.
  DramEntryId find(DramList list, const DramLocation& location) const;

 private:
  static constexpr std::uint32_t none = 0xffffffffU;
  /// A row that is wanted.
  struct Row {
    std::uint32_t row = 0;
    DramEntryId first = no_dram_entry;
    DramEntryId last = no_dram_entry;
    std::uint32_t next = none;  ///< of the bank and list, or of the free ones
  };
  struct Bank {
    std::uint32_t open_row = no_row;
    std::uint32_t first_row[dram_list_count] = {none, none};
    std::uint32_t open_rows[dram_list_count] = {none, none};  ///< where the open row is wanted
  };

  std::uint32_t find_row(const Bank& bank, std::size_t list, std::uint32_t row) const;

  std::vector<DramEntry> entries_;
  std::vector<Row> rows_;
  std::vector<Bank> banks_;
  DramEntryId free_entry_;
  std::uint32_t free_row_ = 0;
};

}  // namespace loopsim
