#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/sink/TraceRequest.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(const std::variant<TraceRequest, TraceTextError>& parsed) {
  const auto* error = std::get_if<TraceTextError>(&parsed);
  return error == nullptr ? "" : error->message;
}

TEST(TraceRequest, HasDefaultsAndOptions) {
  const auto plain = std::get<TraceRequest>(parse_trace_request("chrome"));
  EXPECT_EQ(plain.kind, TraceKind::chrome);
  EXPECT_EQ(plain.level, TimelineLevel::tile);
  EXPECT_EQ(std::get<TraceRequest>(parse_trace_request("perfetto:layer")).level, TimelineLevel::layer);
  EXPECT_THAT(std::get<TraceRequest>(parse_trace_request("dram")).styles, ElementsAre(DramTraceStyle::dramsim3));
  EXPECT_THAT(std::get<TraceRequest>(parse_trace_request("dram:commands,ramulator,commands")).styles,
              ElementsAre(DramTraceStyle::commands, DramTraceStyle::ramulator));
  EXPECT_EQ(std::get<TraceRequest>(parse_trace_request("rtl")).word_bits, 64);
  EXPECT_EQ(std::get<TraceRequest>(parse_trace_request("rtl:16")).word_bits, 16);
  EXPECT_THAT(std::get<TraceRequest>(parse_trace_request("scalesim")).memories,
              ElementsAre(ScaleSimMemory::dram, ScaleSimMemory::sram));
  EXPECT_THAT(std::get<TraceRequest>(parse_trace_request("scalesim:sram")).memories, ElementsAre(ScaleSimMemory::sram));
  EXPECT_FALSE(std::get<TraceRequest>(parse_trace_request("vcd")).fst);
  EXPECT_TRUE(std::get<TraceRequest>(parse_trace_request("vcd:fst")).fst);
}

TEST(TraceRequest, SeveralOfAKindAreJoined) {
  const auto request = [](const char* text) { return std::get<TraceRequest>(parse_trace_request(text)); };
  for (const bool fst_first : {false, true}) {
    TraceRequest vcd = request(fst_first ? "vcd:fst" : "vcd");
    EXPECT_TRUE(join_request(vcd, request(fst_first ? "vcd" : "vcd:fst")));
    EXPECT_TRUE(vcd.vcd);
    EXPECT_TRUE(vcd.fst);
    EXPECT_FALSE(join_request(vcd, request("vcd:fst")));
  }
  EXPECT_FALSE(request("vcd:fst").vcd);  // in its place
  TraceRequest dram = request("dram");
  EXPECT_TRUE(join_request(dram, request("dram:ramulator,dramsim3")));
  EXPECT_THAT(dram.styles, ElementsAre(DramTraceStyle::dramsim3, DramTraceStyle::ramulator));
  EXPECT_FALSE(join_request(dram, request("dram")));
  TraceRequest scalesim = request("scalesim:sram");
  EXPECT_TRUE(join_request(scalesim, request("scalesim:dram")));
  // One file for both.
  TraceRequest timeline = request("perfetto:tile");
  EXPECT_FALSE(join_request(timeline, request("perfetto:layer")));
}

TEST(TraceRequest, SaysWhatWasExpected) {
  EXPECT_THAT(error_of(parse_trace_request("")), HasSubstr("expected one of perfetto, chrome, vcd, dram, scalesim"));
  EXPECT_THAT(error_of(parse_trace_request("crome")), HasSubstr("did you mean 'chrome'?"));
  EXPECT_THAT(error_of(parse_trace_request("perfetto:tile,layer")), HasSubstr("expected one level"));
  EXPECT_THAT(error_of(parse_trace_request("perfetto:")), HasSubstr("expected one of layer, tile, transfer"));
  EXPECT_THAT(error_of(parse_trace_request("dram:dramsim3,")), HasSubstr("expected one of dramsim3"));
  EXPECT_THAT(error_of(parse_trace_request("scalesim:x")), HasSubstr("expected one of dram, sram"));
  EXPECT_THAT(error_of(parse_trace_request("vcd:fts")), HasSubstr("has the option 'fst', got 'fts'"));
  EXPECT_THAT(error_of(parse_trace_request("noc:x")), HasSubstr("has no options"));
  for (const char* wrong : {"rtl:", "rtl:12", "rtl:16,32"}) {
    EXPECT_THAT(error_of(parse_trace_request(wrong)), HasSubstr("expected the bits of a word (8, 16, 32 or 64)"));
  }
}

TEST(TraceWindow, IsAHalfOpenRange) {
  const auto both = std::get<TraceLimits>(parse_trace_window("5:9"));
  EXPECT_FALSE(both.contains(Cycle(4)));
  EXPECT_TRUE(both.contains(Cycle(5)));
  EXPECT_TRUE(both.contains(Cycle(8)));
  EXPECT_FALSE(both.contains(Cycle(9)));
  EXPECT_TRUE(both.meets(Cycle(0), Cycle(6)));
  EXPECT_FALSE(both.meets(Cycle(0), Cycle(5)));
  EXPECT_TRUE(both.meets(Cycle(5), Cycle(5)));
  EXPECT_FALSE(both.meets(Cycle(9), Cycle(12)));
  EXPECT_TRUE(std::get<TraceLimits>(parse_trace_window(":9")).contains(Cycle(0)));
  EXPECT_TRUE(std::get<TraceLimits>(parse_trace_window("9:")).contains(Cycle(1'000'000'000'000)));
  for (const char* wrong : {"", "5", "9:5", "5:5", "-1:5", "a:b", "1:2:3", "1e3:2e3"}) {
    EXPECT_TRUE(std::holds_alternative<TraceTextError>(parse_trace_window(wrong))) << wrong;
  }
}

}  // namespace
}  // namespace loopsim
