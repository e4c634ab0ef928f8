#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dram/DramTrace.hpp"
#include "tests/ParseText.hpp"
#include "tests/sim/dram/DramTraffic.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

DramTrace parse(const std::string& text) {
  return parse_dram_trace(std::make_shared<SourceText>(SourceText{"t.trace", text}));
}
std::string error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const InputError& error) {
    return messages(error.diagnostics);
  }
  return "";
}

TEST(DramTrace, Dramsim3) {
  const DramTrace trace = parse("0x1000 READ 5\n0xABCDEF WRITE 30\n0x40 write 31\n");
  EXPECT_EQ(trace.format, DramTraceFormat::dramsim3);
  ASSERT_EQ(trace.lines.size(), 3U);
  EXPECT_EQ(trace.lines[0].address, 0x1000U);
  EXPECT_FALSE(trace.lines[0].write);
  EXPECT_EQ(trace.lines[0].offered, DramCycles(5));
  EXPECT_EQ(trace.lines[1].address, 0xabcdefU);
  EXPECT_TRUE(trace.lines[1].write);
  EXPECT_TRUE(trace.lines[2].write);
}

TEST(DramTrace, Ramulator) {
  const DramTrace trace = parse("LD 0x12340\nST 4096");
  EXPECT_EQ(trace.format, DramTraceFormat::ramulator);
  ASSERT_EQ(trace.lines.size(), 2U);
  EXPECT_EQ(trace.lines[0].address, 0x12340U);
  EXPECT_EQ(trace.lines[1].address, 4096U);
  EXPECT_TRUE(trace.lines[1].write);
}

TEST(DramTrace, PlainWithCommentsAndBlankLines) {
  const DramTrace trace = parse("# header\n\n  R\t0x40  # first\r\nW 0xFFFFFFFFFFFFFFFF\n\n");
  EXPECT_EQ(trace.format, DramTraceFormat::plain);
  ASSERT_EQ(trace.lines.size(), 2U);
  EXPECT_EQ(trace.lines[0].address, 0x40U);
  EXPECT_EQ(trace.lines[1].address, ~std::uint64_t(0));
}

TEST(DramTrace, ErrorsHaveTheirPlace) {
  EXPECT_THAT(error_of("R 0x40\nX 0x80\n"), HasSubstr("t.trace:2:1: expected 'R|W ADDRESS', got 'X'"));
  EXPECT_THAT(error_of("R 0x40\nR 0xZZ\n"), HasSubstr("t.trace:2:3: expected an address"));
  EXPECT_THAT(error_of("R 0x1FFFFFFFFFFFFFFFF\n"), HasSubstr("t.trace:1:3: expected an address"));
  EXPECT_THAT(error_of("R -64\n"), HasSubstr("t.trace:1:3: expected an address"));
  EXPECT_THAT(error_of("R 0x40 7\n"), HasSubstr("t.trace:1:8: expected 'R|W ADDRESS', got 3 words"));
  EXPECT_THAT(error_of("R\n"), HasSubstr("t.trace:1:1: expected 'R|W ADDRESS', got 1 word\n"));
  EXPECT_THAT(error_of("LD 64\nR 128\n"), HasSubstr("t.trace:2:1: expected 'LD|ST ADDRESS' (Ramulator), got 'R'"));
  EXPECT_THAT(error_of("0x40 RAED 5\n"), HasSubstr("t.trace:1:6: expected 'ADDRESS READ|WRITE CYCLE' (DRAMsim3), got "
                                                   "'RAED'; did you mean 'READ'?"));
  EXPECT_THAT(error_of("0x40 READ -1\n"), HasSubstr("t.trace:1:11: expected a cycle from 0 to 2^58"));
  EXPECT_THAT(error_of("0x40 READ 1.5\n"), HasSubstr("t.trace:1:11: expected a cycle"));
  EXPECT_THAT(error_of("load 64\n"), HasSubstr("t.trace:1:1: expected"));
  EXPECT_THAT(error_of(""), HasSubstr("t.trace: the trace has no requests"));
  EXPECT_THAT(error_of("# nothing\n"), HasSubstr("the trace has no requests"));
  EXPECT_THAT(error_of("R x\nR y\n"), HasSubstr("t.trace:2:3")) << "all errors at once";
}

TEST(DramTracePlayer, DramsimTracesKeepTheirCycles) {
  DramMemory memory(load_dram_part("ddr4-2400-17"), {}, bank_in_row, 1);
  play_dram_trace(memory, parse("0x0 READ 100\n0x40 READ 1100\n0x80 READ 1100\n"), std::nullopt);
  const DramStatistics s = memory.statistics();
  EXPECT_EQ(s.first_acceptance, DramCycles(100));
  // The third is offered one cycle after the second, and its RD comes tCCD_L after the other.
  EXPECT_EQ(s.last_completion, DramCycles(1100 + 6 + 21));
}

TEST(DramTracePlayer, OneRequestACycleAndTheHeadWaits) {
  DramRun run;
  run.controller.refresh = DramRefresh::off;
  run.controller.queue_depth = 1;
  // With one place each RD follows when the one before has left: accepted at 0, 18, 19 + …
  EXPECT_EQ(cycles_of(stride_trace(1, 64), run), 38);
  run.mapping = bank_in_row;
  EXPECT_EQ(cycles_of(stride_trace(2, 64), run), 17 + 6 + 21);
}

TEST(DramTracePlayer, GapsOverrideCycles) {
  DramRun run;
  run.gap = DramCycles(1000);
  DramTrace trace = stride_trace(3, 64);
  trace.lines[2].offered = DramCycles(500'000);
  EXPECT_EQ(cycles_of(trace, run), 2000 + 38);
}

TEST(DramMemory, RunsStopWhereThereIsNoRoom) {
  DramControllerSettings controller;
  controller.queue_depth = 4;
  DramMemory memory(load_dram_part("ddr4-2400-17"), controller, bank_in_row, 1);
  std::vector<DramCompletion> done;
  EXPECT_EQ(memory.offer_run({0, false, 7}, 10, DramCycles(0), done), 4);
  while (const auto next = memory.next_event()) memory.advance(*next, done);
  ASSERT_EQ(done.size(), 4U);
  for (const DramCompletion& completion : done) EXPECT_EQ(completion.tag, 7U);
  EXPECT_EQ(done.back().done, DramCycles(17 + 3 * 6 + 21));
  EXPECT_TRUE(memory.idle());
}

TEST(DramMemory, SettingsAreChecked) {
  const DramPart part = load_dram_part("ddr4-2400-17");
  const auto with = [&](auto change) {
    DramControllerSettings settings;
    change(settings);
    return DramMemory(part, settings, bank_in_row, 1);
  };
  EXPECT_THROW(with([](auto& s) { s.queue_depth = 0; }), InputError);
  EXPECT_THROW(with([](auto& s) { s.write_low_percent = 80; }), InputError);
  EXPECT_THROW(with([](auto& s) { s.row_hit_cap = -1; }), InputError);
  EXPECT_THROW(with([](auto& s) { s.refresh = DramRefresh::per_bank; }), InputError);
  EXPECT_THROW(with([](auto& s) { s.ranks = 3; }), InputError);
}

}  // namespace
}  // namespace loopsim
