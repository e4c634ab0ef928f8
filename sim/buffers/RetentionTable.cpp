#include "sim/buffers/RetentionTable.hpp"

#include "sim/buffers/EarlyWriteBack.hpp"
#include "sim/buffers/Refetch.hpp"

namespace loopsim {

const RetentionPolicy& retention_policy(const MemoryLevel& memory, bool made_here) {
  static const Refetch refetch;
  static const EarlyWriteBack early_write_back;
  static const RetentionPolicy tile_end;

  struct Row {
    bool applies;
    const RetentionPolicy& policy;
  };
  // The first that applies is taken. What is made here is not fetched again.
  const Row rows[] = {
      {memory.refetch && !made_here, refetch},
      {memory.early_write_back && made_here, early_write_back},
      {true, tile_end},
  };
  const Row* row = rows;
  while (!row->applies) ++row;
  return row->policy;
}

}  // namespace loopsim
