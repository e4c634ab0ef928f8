#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/TraceFormats.hpp"
#include "trace/TraceRequest.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(const std::variant<TraceRequest, TraceTextError>& parsed) {
  const auto* error = std::get_if<TraceTextError>(&parsed);
  return error == nullptr ? "" : error->message;
}

TraceRequest request(const char* text) {
  return std::get<TraceRequest>(parse_trace_request(text));
}

TEST(TraceRequest, HasDefaultsAndOptions) {
  EXPECT_EQ(request("chrome").format->word, "chrome");
  EXPECT_THAT(request("chrome").options, ElementsAre("tile"));
  EXPECT_THAT(request("perfetto:layer").options, ElementsAre("layer"));
  EXPECT_THAT(request("dram").options, ElementsAre("dramsim3"));
  EXPECT_THAT(request("dram:commands,ramulator,commands").options, ElementsAre("commands", "ramulator"));
  EXPECT_THAT(request("rtl").options, ElementsAre("64"));
  EXPECT_THAT(request("rtl:16").options, ElementsAre("16"));
  EXPECT_THAT(request("scalesim").options, ElementsAre("dram", "sram"));
  EXPECT_THAT(request("scalesim:sram").options, ElementsAre("sram"));
  EXPECT_THAT(request("vcd").options, ElementsAre("vcd"));
  EXPECT_THAT(request("vcd:fst").options, ElementsAre("fst")) << "in its place";
  EXPECT_THAT(request("noc").options, ElementsAre());
}

TEST(TraceRequest, SeveralOfAFormatAreJoined) {
  TraceRequest vcd = request("vcd:fst");
  EXPECT_TRUE(join_request(vcd, request("vcd")));
  EXPECT_THAT(vcd.options, ElementsAre("fst", "vcd"));
  EXPECT_FALSE(join_request(vcd, request("vcd:fst")));
  TraceRequest dram = request("dram");
  EXPECT_TRUE(join_request(dram, request("dram:ramulator,dramsim3")));
  EXPECT_THAT(dram.options, ElementsAre("dramsim3", "ramulator"));
  EXPECT_FALSE(join_request(dram, request("dram")));
  // One file for both.
  TraceRequest timeline = request("perfetto:tile");
  EXPECT_FALSE(join_request(timeline, request("perfetto:layer")));
}

TEST(TraceRequest, SaysWhatWasExpected) {
  EXPECT_THAT(error_of(parse_trace_request("")), HasSubstr("expected one of perfetto, chrome, vcd, dram, scalesim"));
  EXPECT_THAT(error_of(parse_trace_request("crome")), HasSubstr("did you mean 'chrome'?"));
  EXPECT_THAT(error_of(parse_trace_request("perfetto:tile,layer")), HasSubstr("takes one option, got 'tile,layer'"));
  EXPECT_THAT(error_of(parse_trace_request("perfetto:")), HasSubstr("expected one of layer, tile, transfer"));
  EXPECT_THAT(error_of(parse_trace_request("dram:dramsim3,")), HasSubstr("no option ''; expected one of dramsim3"));
  EXPECT_THAT(error_of(parse_trace_request("scalesim:x")), HasSubstr("expected one of dram, sram"));
  EXPECT_THAT(error_of(parse_trace_request("vcd:fts")), HasSubstr("no option 'fts'; did you mean 'fst'?"));
  EXPECT_THAT(error_of(parse_trace_request("noc:x")), HasSubstr("has no options"));
  EXPECT_THAT(error_of(parse_trace_request("rtl:12")), HasSubstr("expected one of 8, 16, 32, 64"));
  EXPECT_THAT(error_of(parse_trace_request("rtl:16,32")), HasSubstr("takes one option"));
}

TEST(TraceFormats, EveryOptionMakesATrace) {
  for (const TraceFormat& format : trace_formats()) {
    EXPECT_FALSE(format.files.names.empty()) << format.word;
    EXPECT_FALSE(format.make({&format, format.without_options}, "", {}).empty()) << format.word;
    for (const std::string_view option : format.options) {
      EXPECT_EQ(format.make({&format, {option}}, "", {}).size(), 1u) << format.word << ":" << option;
    }
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
