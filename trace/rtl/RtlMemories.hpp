#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mapping/TensorLayout.hpp"
#include "sim/observe/RunObserver.hpp"

namespace loopsim {

/// Words of one tensor in one instance of a memory, one after the other in the address space of an RTL kit.
struct RtlRegion {
  std::int64_t first = 0;  ///< address of its first word
  std::int64_t words = 0;
  HoldingIndex node = 0;
  TensorId tensor;
  LevelId level;
  std::string memory;           ///< name of the instance
  bool one_of_several = false;  ///< the instance's words are told from those of others
  std::string tensor_name;
};

/// Words from an address on.
struct RtlRun {
  std::int64_t address = 0;
  std::int64_t words = 0;
};

/// The address space of an RTL kit, in words: a region for each storage node outside the array and each of its
/// instances, as large as its tensor, in the order in which they are first used. Those without a parent, from which
/// inputs come and to which results go, are there from the beginning, results first.
class RtlMemories {
 public:
  /// Throws InputError if a result is stored by several instances, LimitError as region() does.
  explicit RtlMemories(const ObservedRun& run);

  /// Throws LimitError if the addresses exceed 31 bits.
  const RtlRegion& region(HoldingIndex node, const Place& place);
  /// The words of a set in the region, row by row.
  std::vector<RtlRun> runs(const RtlRegion& region, const PointSet& words) const;

  const std::deque<RtlRegion>& regions() const { return regions_; }
  const TensorLayout& layout(TensorId tensor) const { return layouts_[tensor]; }
  std::int64_t result_words() const { return result_words_; }
  std::int64_t words() const { return words_; }
  /// Nothing is released: main memory keeps what it has, and results stay where they are compared.
  bool stays(const RtlRegion& region) const;
  bool is_input(const RtlRegion& region) const;
  bool is_result(const RtlRegion& region) const;

 private:
  ObservedRun run_;
  IdVector<TensorId, TensorLayout> layouts_;
  std::deque<RtlRegion> regions_;  ///< references stay valid
  std::map<std::pair<HoldingIndex, Place>, std::size_t> found_;
  std::int64_t words_ = 0;
  std::int64_t result_words_ = 0;
};

/// A name as it may be part of a Verilog identifier and of a file's name: letters, digits and underscores.
std::string rtl_name(const std::string& name);

}  // namespace loopsim
