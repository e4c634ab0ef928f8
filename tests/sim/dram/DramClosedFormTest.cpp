// What bounds a stream, by part: the bus, tCCD_L, tFAW, tRC; and the share of time that refresh takes.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/sim/dram/DramTraffic.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t requests = 20'000;

struct PartFigures {
  const char* name;
  std::uint64_t burst_bytes, row_bytes;
  std::uint64_t banks;
  double burst, same_group, rrd, faw, rc, row_conflict_read, rfc, refi;
};
// By hand from the tables. row_conflict_read = tRP + tRCD + read latency + burst.
const PartFigures figures[] = {
    {"ddr4-2400-17", 64, 8192, 16, 4, 6, 4, 26, 56, 55, 420, 9360},
    {"lpddr4-3200", 32, 2048, 8, 8, 8, 16, 64, 97, 29 + 29 + 42, 448, 6246},
    {"lpddr5-6400", 32, 2048, 16, 2, 4, 4, 16, 49, 15 + 15 + 19, 168, 3125},
    {"hbm2-2000", 32, 1024, 16, 2, 4, 4, 15, 48, 14 + 14 + 16, 350, 3900},
};

class DramClosedForm : public ::testing::TestWithParam<PartFigures> {
 protected:
  static DramRun run_of(const std::string& mapping, DramRefresh refresh) {
    DramRun run;
    run.part = GetParam().name;
    run.mapping = mapping;
    run.controller.refresh = refresh;
    return run;
  }
  /// Cycles a request.
  static double pace(const DramTrace& trace, const DramRun& run) {
    return static_cast<double>(cycles_of(trace, run)) / static_cast<double>(trace.lines.size());
  }
};

TEST_P(DramClosedForm, InterleavedStreamFillsTheBus) {
  const auto& p = GetParam();
  EXPECT_NEAR(pace(stride_trace(requests, p.burst_bytes), run_of(interleaved, DramRefresh::off)), p.burst,
              0.01 * p.burst);
}

TEST_P(DramClosedForm, StreamInOneBankTakesSameGroupSpacing) {
  const auto& p = GetParam();
  // One row over and over.
  const auto trace = trace_of(requests, [&](std::int64_t i) {
    return DramTraceLine{static_cast<std::uint64_t>(i) * p.burst_bytes % p.row_bytes, false, {}};
  });
  EXPECT_NEAR(pace(trace, run_of(bank_in_row, DramRefresh::off)), p.same_group, 0.01 * p.same_group);
}

TEST_P(DramClosedForm, RowAfterRowOfAllBanksIsBoundByActivates) {
  const auto& p = GetParam();
  // A row of each bank in turn: never a hit, always another bank.
  const double bound = std::max({p.rrd, p.faw / 4, p.rc / static_cast<double>(p.banks)});
  EXPECT_NEAR(pace(stride_trace(requests, p.row_bytes), run_of(bank_in_row, DramRefresh::off)), bound, 0.01 * bound);
}

TEST_P(DramClosedForm, RowAfterRowOfOneBankIsBoundByItsCycle) {
  const auto& p = GetParam();
  const auto trace = stride_trace(requests, p.row_bytes * p.banks);
  EXPECT_NEAR(pace(trace, run_of(bank_in_row, DramRefresh::off)), p.rc, 0.01 * p.rc);
}

TEST_P(DramClosedForm, UnloadedRowConflict) {
  const auto& p = GetParam();
  DramRun run = run_of(bank_in_row, DramRefresh::off);
  run.gap = DramCycles(500);
  const auto trace = stride_trace(200, p.row_bytes * p.banks);
  // All but the first find another row open.
  EXPECT_NEAR(read_latency_of(trace, run), p.row_conflict_read, p.row_conflict_read / 200);
}

TEST_P(DramClosedForm, RefreshTakesItsShare) {
  const auto& p = GetParam();
  const auto trace = stride_trace(5 * requests, p.burst_bytes);
  const double off = pace(trace, run_of(interleaved, DramRefresh::off));
  const double all = pace(trace, run_of(interleaved, DramRefresh::all_banks));
  // Closing and opening the rows again costs something on top.
  EXPECT_GT(all / off, 1 / (1 - p.rfc / p.refi) - 0.002);
  EXPECT_LT(all / off, 1 / (1 - (p.rfc + 100) / p.refi));
}

TEST_P(DramClosedForm, RefreshInterferesWithLoneReads) {
  const auto& p = GetParam();
  DramRun run = run_of(bank_in_row, DramRefresh::all_banks);
  run.gap = DramCycles(997);
  run.controller.page = DramPage::closed;
  const double closed = p.row_conflict_read - (p.name == std::string("lpddr4-3200")    ? 29
                                               : p.name == std::string("ddr4-2400-17") ? 17
                                               : p.name == std::string("lpddr5-6400")  ? 15
                                                                                       : 14);
  const double interference = p.rfc / p.refi * p.rfc / 2;
  EXPECT_NEAR(read_latency_of(stride_trace(requests, p.row_bytes), run), closed + interference, 0.1 * interference + 1);
}

std::string test_name(const ::testing::TestParamInfo<PartFigures>& info) {
  std::string name = info.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Parts, DramClosedForm, ::testing::ValuesIn(figures), test_name);

TEST(DramClosedForm, ChannelsShareTheLoad) {
  DramRun run;
  run.controller.refresh = DramRefresh::off;
  run.channels = 4;
  run.mapping = "row:column:bank:bankgroup:channel";
  // At most one request a cycle is offered, and four channels take one each four cycles.
  EXPECT_NEAR(static_cast<double>(cycles_of(stride_trace(requests, 64), run)), requests, 0.01 * requests);
  run.mapping = interleaved;  // the channel on top: all in one
  EXPECT_NEAR(static_cast<double>(cycles_of(stride_trace(requests, 64), run)), 4 * requests, 0.04 * requests);
}

}  // namespace
}  // namespace loopsim
