#include <gtest/gtest.h>

#include "base/CellText.hpp"
#include "base/NumberText.hpp"
#include "report/HostDocument.hpp"
#include "report/JsonText.hpp"
#include "report/MetricUnit.hpp"

namespace loopsim {
namespace {

TEST(NumberText, Groups) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(-123'456), "-123,456");
  EXPECT_EQ(grouped(1'234'567'890), "1,234,567,890");
  EXPECT_EQ(grouped(INT64_MIN), "-9,223,372,036,854,775,808");
  EXPECT_EQ(grouped_signed(1'000), "+1,000");
  EXPECT_EQ(grouped_signed(0), "0");
  EXPECT_EQ(counted(1, "word"), "1 word");
  EXPECT_EQ(counted(2'000, "word"), "2,000 words");
}

TEST(NumberText, Percentages) {
  EXPECT_EQ(percentage(1, 2), "50.0 %");
  EXPECT_EQ(percentage(0, 2), "0.0 %");
  EXPECT_EQ(percentage(1, 100'000), "<0.1 %");
  EXPECT_EQ(percentage(-1, 100'000), ">-0.1 %");
  EXPECT_EQ(percentage(1, 0), "-");
}

TEST(NumberText, Scales) {
  EXPECT_EQ(energy_text(0), "0.000 pJ");
  EXPECT_EQ(energy_text(1'234'567), "1.235 uJ");
  EXPECT_EQ(energy_text(-12'345), "-12.35 nJ");
  EXPECT_EQ(energy_text(999'999), "1.000 uJ");
  EXPECT_EQ(energy_text(1e18), "1000000.0 J");
  EXPECT_EQ(time_text(10.24e-6, 0), "10.24 us");
  EXPECT_EQ(energy_text(988.7e6, 6.993e9), "0.989 mJ");
  EXPECT_EQ(energy_text(6.993e9, 988.7e6), "6.993 mJ");
}

TEST(CellText, ClipsByCharacters) {
  EXPECT_EQ(clipped("abcdef", 6), "abcdef");
  EXPECT_EQ(clipped("abcdefg", 6), "abc...");
  EXPECT_EQ(clipped("abc", 2), "..");
  EXPECT_EQ(text_width("\u00e9\u2588x"), 3U);
  EXPECT_EQ(clipped("\u00e9\u00e9\u00e9\u00e9\u00e9", 4), "\u00e9...");
  EXPECT_EQ(clipped("a\x1b[31mb", 20), "a?[31mb") << "an input must not drive the terminal";
  EXPECT_EQ(left_cell("\u00e9", 3), "\u00e9  ");
  EXPECT_EQ(right_cell("ab", 4), "  ab");
  EXPECT_EQ(right_cell("12345", 4), "12345");
}

TEST(CellText, Wraps) {
  EXPECT_EQ(wrapped("", 5), (std::vector<std::string>{""}));
  EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("one two three", 8), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("abcdefgh ij", 4), (std::vector<std::string>{"abcd", "efgh", "ij"}));
}

TEST(JsonText, KeepsNumbersAndShortEntriesOnALine) {
  nlohmann::ordered_json document = {{"numbers", {1, 2, 3}}, {"rows", {{{"a", 1}, {"b", nullptr}}}}, {"none", {}}};
  document["empty"] = nlohmann::ordered_json::array();
  document["deep"] = {{"x", {{"y", {{"z", 0.5}}}}}};
  EXPECT_EQ(json_text(document), R"({
  "numbers": [1, 2, 3],
  "rows": [
    {"a": 1, "b": null}
  ],
  "none": null,
  "empty": [],
  "deep": {
    "x": {
      "y": {"z": 0.5}
    }
  }
}
)");
  EXPECT_EQ(nlohmann::ordered_json::parse(json_text(document)), document);
}

TEST(JsonText, BreaksLongEntriesAndLongTexts) {
  nlohmann::ordered_json document;
  for (int i = 0; i < 30; ++i) document["key" + std::to_string(i)] = std::string(10, 'x');
  const std::string text = json_text(document);
  EXPECT_NE(text.find("{\n  \"key0\": \"xxxxxxxxxx\",\n  \"key1\""), std::string::npos) << text;
}

TEST(JsonText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(json_text({{"a\xff", "b\xfe"}}), "{\"a\ufffd\": \"b\ufffd\"}\n");
}

TEST(MetricUnit, ByName) {
  EXPECT_STREQ(metric_unit("cycles"), "cycle");
  EXPECT_STREQ(metric_unit("energy_pj"), "pJ");
  EXPECT_STREQ(metric_unit("reads:0/cycles/Conv1"), "word");
  EXPECT_STREQ(metric_unit("ops:Conv1"), "op");
  EXPECT_STREQ(metric_unit("recomputed_ops:Conv1"), "op");
  EXPECT_STREQ(metric_unit("steps:Conv1"), "step");
  EXPECT_STREQ(metric_unit("macs"), "op");
}

TEST(HostDocument, Measures) {
  const HostMeasures measures = measure_host({"loopsim", "run"}, std::chrono::steady_clock::now());
  EXPECT_GT(measures.peak_memory_bytes, 100'000);
  EXPECT_GE(measures.wall_seconds, 0);
  EXPECT_FALSE(measures.host.empty());
}

TEST(HostDocument, RatesNeedWork) {
  HostMeasures measures;
  measures.command_line = {"loopsim", "run", "a b.yaml"};
  measures.wall_seconds = 0.5;
  auto document = host_document(measures, SimulatedWork{100, 1'000});
  EXPECT_EQ(document["command_line"][2], "a b.yaml");
  EXPECT_EQ(document["cycles_per_second"], 200.0);
  EXPECT_EQ(document["macs_per_second"], 2'000.0);
  document = host_document(measures, std::nullopt);
  EXPECT_TRUE(document["cycles_per_second"].is_null());
}

}  // namespace
}  // namespace loopsim
