#include "sim/dram/DramRequestQueue.hpp"

namespace loopsim {

DramRequestQueue::DramRequestQueue(std::uint32_t banks, std::size_t capacity)
    : entries_(capacity), rows_(capacity), banks_(banks), free_entry_(0) {
  for (std::size_t i = 0; i < capacity; ++i) {
    entries_[i].next = i + 1 < capacity ? DramEntryId(i + 1) : no_dram_entry;
    rows_[i].next = i + 1 < capacity ? static_cast<std::uint32_t>(i + 1) : none;
  }
}

DramEntryId DramRequestQueue::take() {
  const DramEntryId id = free_entry_;
  free_entry_ = entries_[id.value].next;
  return id;
}

void DramRequestQueue::release(DramEntryId id) {
  entries_[id.value].next = free_entry_;
  free_entry_ = id;
}

std::uint32_t DramRequestQueue::find_row(const Bank& bank, std::size_t list, std::uint32_t row) const {
  std::uint32_t r = bank.first_row[list];
  while (r != none && rows_[r].row != row) r = rows_[r].next;
  return r;
}

void DramRequestQueue::append(DramList list, DramEntryId id) {
  const auto l = static_cast<std::size_t>(list);
  DramEntry& entry = entries_[id.value];
  Bank& bank = banks_[entry.location.bank.value];
  entry.next = no_dram_entry;
  const std::uint32_t wanted = entry.location.row;
  std::uint32_t r = bank.open_row == wanted ? bank.open_rows[l] : find_row(bank, l, wanted);
  if (r != none) {
    entries_[rows_[r].last.value].next = id;
    rows_[r].last = id;
    return;
  }
  r = free_row_;
  free_row_ = rows_[r].next;
  rows_[r] = {wanted, id, id, bank.first_row[l]};
  bank.first_row[l] = r;
  if (bank.open_row == wanted) bank.open_rows[l] = r;
}

void DramRequestQueue::remove_first(DramList list, DramEntryId id) {
  const auto l = static_cast<std::size_t>(list);
  const DramEntry& entry = entries_[id.value];
  Bank& bank = banks_[entry.location.bank.value];
  const std::uint32_t wanted = entry.location.row;
  const std::uint32_t r = bank.open_row == wanted ? bank.open_rows[l] : find_row(bank, l, wanted);
  rows_[r].first = entry.next;
  if (rows_[r].first != no_dram_entry) return;
  std::uint32_t* link = &bank.first_row[l];
  while (*link != r) link = &rows_[*link].next;
  *link = rows_[r].next;
  if (bank.open_rows[l] == r) bank.open_rows[l] = none;
  rows_[r].next = free_row_;
  free_row_ = r;
}

void DramRequestQueue::open(DramBankId id, std::uint32_t row) {
  Bank& bank = banks_[id.value];
  bank.open_row = row;
  for (std::size_t l = 0; l < dram_list_count; ++l) bank.open_rows[l] = find_row(bank, l, row);
}

void DramRequestQueue::close(DramBankId id) {
  Bank& bank = banks_[id.value];
  bank.open_row = no_row;
  for (std::uint32_t& row : bank.open_rows) row = none;
}

DramEntryId DramRequestQueue::oldest(DramList list, DramBankId id) const {
  DramEntryId best = no_dram_entry;
  for (std::uint32_t r = banks_[id.value].first_row[static_cast<std::size_t>(list)]; r != none; r = rows_[r].next) {
    const DramEntryId first = rows_[r].first;
    if (best == no_dram_entry || entries_[first.value].order < entries_[best.value].order) best = first;
  }
  return best;
}

DramEntryId DramRequestQueue::find(DramList list, const DramLocation& location) const {
  const std::uint32_t r = find_row(banks_[location.bank.value], static_cast<std::size_t>(list), location.row);
  if (r == none) return no_dram_entry;
  DramEntryId id = rows_[r].first;
  while (id != no_dram_entry && entries_[id.value].location.column != location.column) id = entries_[id.value].next;
  return id;
}

}  // namespace loopsim
