#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trace/rtl/RtlCommands.hpp"
#include "trace/rtl/RtlImages.hpp"
#include "trace/rtl/RtlMemories.hpp"
#include "trace/rtl/RtlPorts.hpp"
#include "trace/sink/Trace.hpp"

namespace loopsim {

/// What a testbench needs, in the folder `rtl`: memory images of inputs and expected results, what moved and was
/// computed as a stream of commands, and a Verilog checker that replays it. Values are those of functional mode, or
/// their low bits.
class RtlKit : public Trace {
 public:
  RtlKit(const std::filesystem::path& folder, int word_bits, TraceLimits limits);
  ~RtlKit() override;

  /// Throws LimitError if the workload is too large to be evaluated directly, InputError if an operation needs 64 bits.
  void begin(const ObservedRun& run) override;
  void transfer_issued(const Transfer& transfer, Cycle now) override;
  void transfer_completed(const Transfer& transfer, const std::vector<OperationId>& users) override;
  void operation_ended(const OperationRecord& record) override;
  void operation_retired(const TileOperation& operation, const Plan& plan, Cycle now) override;
  void words_released(HoldingIndex node, const Place& place, const PointSet& words, Cycle now) override;
  void finish(const TraceEnd& end) override;

 private:
  /// Of a tile operation in its array.
  struct Span {
    Cycle start;
    Cycle end;
  };

  void discard();
  const RtlRegion& region_at(HoldingIndex node, const Place& place);
  const Plan::Entry& innermost(const Plan& plan, TensorId tensor) const;
  std::int64_t byte_of(const RtlRegion& region, std::int64_t address) const;
  void write_rows(Cycle now, std::size_t port, const char* command, const RtlRegion& region, const PointSet& words,
                  const char* rest = "");
  void write_operations(const TileOperation& operation, const PointSet& operations, bool accumulate,
                        const std::string& bases, Span span, Cycle now);

  std::filesystem::path folder_;
  int word_bits_;
  TraceLimits limits_;
  std::optional<ObservedRun> run_;
  std::optional<RtlMemories> memories_;
  RtlPorts ports_;
  IdVector<TensorId, std::optional<StoredTensor>> stored_;
  RtlImages images_;
  std::optional<RtlCommands> commands_;
  std::map<std::pair<LeafIndex, std::int64_t>, Span> ended_;  ///< whose results are not there yet
  std::int64_t filled_ = 0;
  std::int64_t drained_ = 0;
  std::int64_t operations_ = 0;
  std::int64_t tiles_ = 0;
  std::string rest_;  ///< scratch: of a command
};

}  // namespace loopsim
