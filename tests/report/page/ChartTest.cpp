// What the charts are made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/page/Axis.hpp"
#include "report/page/DataTable.hpp"
#include "report/page/Waterfall.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markup, EscapesWhatXmlHasNoPlaceFor) {
  EXPECT_EQ(escaped("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
  EXPECT_EQ(escaped("tab\there\x01"), "tab\there\xEF\xBF\xBD");
  EXPECT_EQ(escaped("caf\xC3\xA9 \xFF"), "caf\xC3\xA9 \xEF\xBF\xBD");
}

TEST(Markup, LengthsAreShort) {
  EXPECT_EQ(length_text(12), "12");
  EXPECT_EQ(length_text(0.126), "0.13");
  EXPECT_EQ(length_text(100.5), "100.5");
  EXPECT_EQ(length_text(-0.001), "0");
}

TEST(Markup, DataAddressesHaveNoBareSpecials) {
  EXPECT_EQ(data_address("text/csv", "a,b\n\"1\" #%"), "data:text/csv;charset=utf-8,a,b%0A%221%22%20%23%25");
}

TEST(DataTable, CsvQuotesAndKeepsNumbers) {
  DataTable table;
  table.columns = {"name", "n"};
  table.rows = {{"a,\"b\"", 12}, {nullptr, 0.25}};
  EXPECT_EQ(csv_text(table), "name,n\n\"a,\"\"b\"\"\",12\n,0.25\n");
}

TEST(DataTable, TableSaysHowMuchItLeavesOut) {
  DataTable table;
  table.columns = {"n"};
  for (int i = 0; i < 12; ++i) table.rows.push_back({i});
  EXPECT_THAT(table_markup(table, "numbers", 10), HasSubstr("2 more in the CSV"));
  EXPECT_THAT(table_markup(table, "numbers", 12), Not(HasSubstr("more")));
}

TEST(Axis, TicksAreRound) {
  EXPECT_THAT(ticks(0, 10, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(ticks(909'000, 956'000, 5), ElementsAre(910'000, 920'000, 930'000, 940'000, 950'000));
  EXPECT_THAT(ticks(3, 3, 5), ElementsAre(3));
  EXPECT_EQ(tick_text(1'250'000), "1.25M");
  EXPECT_EQ(tick_text(800), "800");
}

RC_GTEST_PROP(Axis, TicksLieWithinAndAreFew, ()) {
  const auto low = static_cast<double>(*rc::gen::inRange(-1'000'000, 1'000'000));
  const auto high = low + static_cast<double>(*rc::gen::inRange(1, 1'000'000'000));
  const std::vector<double> all = ticks(low, high, 6);
  RC_ASSERT(all.size() <= 8U);
  RC_ASSERT(all.size() >= 2U);
  for (const double value : all) RC_ASSERT(value >= low - 1e-6 * (high - low) && value <= high + 1e-6 * (high - low));
}

TEST(Waterfall, BeginsAtZeroUnlessStepsAreSmall) {
  Waterfall chart;
  chart.begin = 100;
  chart.steps = {{"more", "dram", 50, ""}};
  EXPECT_EQ(axis_begin(chart), 0);
  EXPECT_EQ(chart.end(), 150);
  chart.begin = 1'000'000;
  EXPECT_GT(axis_begin(chart), 999'000);
  EXPECT_LT(axis_begin(chart), 1'000'000);
  chart.steps.clear();
  EXPECT_EQ(axis_begin(chart), 0);
}

}  // namespace
}  // namespace loopsim
