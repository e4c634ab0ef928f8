#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/DocumentReader.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

class DocumentReader : public ::testing::Test {
 protected:
  DocumentNodePtr value(const std::string& text) { return find_key(*parse_text("v: " + text, diagnostics_), "v"); }
  Diagnostics diagnostics_;
};

TEST_F(DocumentReader, Integers) {
  EXPECT_EQ(read_integer(*value("'16*1024'"), "depth", diagnostics_), 16384);
  EXPECT_EQ(read_integer(*value("1e9"), "clock", diagnostics_), 1000000000);
  EXPECT_FALSE(diagnostics_.has_errors());
  EXPECT_EQ(read_integer(*value("2x56"), "width", diagnostics_), std::nullopt);
  EXPECT_EQ(read_integer(*value("0"), "tile_shape", diagnostics_, {1, 100}), std::nullopt);
  EXPECT_EQ(read_integer(*value("[1]"), "width", diagnostics_), std::nullopt);
  EXPECT_EQ(read_integer(*value("inf"), "depth", diagnostics_), std::nullopt);
  EXPECT_EQ(read_integer(*value("1e300"), "depth", diagnostics_), std::nullopt);
  EXPECT_EQ(read_integer(*value("99999999999999999999"), "depth", diagnostics_), std::nullopt);
  EXPECT_THAT(messages(diagnostics_), HasSubstr("width: expected an integer, got '2x56'"));
  EXPECT_THAT(messages(diagnostics_), HasSubstr("tile_shape: expected an integer from 1 to 100, got '0'"));
  EXPECT_THAT(messages(diagnostics_), HasSubstr("width: expected an integer, got a list"));
  EXPECT_EQ(diagnostics_.all().size(), 6U);
}

TEST_F(DocumentReader, NumbersMayHaveUnits) {
  const IntegerRange positive{1, 1'000'000'000'000};
  EXPECT_EQ(read_integer(*value("1GHz"), "clock", diagnostics_, positive, "Hz"), 1'000'000'000);
  EXPECT_EQ(read_integer(*value("0.8 GHz"), "clock", diagnostics_, positive, "Hz"), 800'000'000);
  EXPECT_EQ(read_integer(*value("2*16 KiB"), "size", diagnostics_, positive, "bits"), 262'144);
  EXPECT_EQ(read_integer(*value("12.5 GB/s "), "bandwidth", diagnostics_, positive, "bits/s"), 100'000'000'000);
  EXPECT_EQ(read_integer(*value("3 tiles"), "prefetch", diagnostics_, positive, "tiles"), 3);
  EXPECT_DOUBLE_EQ(read_number(*value("1 ns"), "cycle_time", diagnostics_, "s").value_or(0), 1e-9);
  EXPECT_DOUBLE_EQ(read_finite_number(*value("250 fJ"), "energy", diagnostics_, {}, "pJ").value_or(0), 0.25);
  EXPECT_FALSE(diagnostics_.has_errors()) << messages(diagnostics_);
}

TEST_F(DocumentReader, ARefusalNamesTheUnit) {
  const auto refused = [&](const std::string& text) {
    Diagnostics diagnostics;
    EXPECT_EQ(read_integer(*value(text), "clock", diagnostics, {1, 1000}, "Hz"), std::nullopt);
    EXPECT_EQ(diagnostics.all().size(), 1U);
    return messages(diagnostics);
  };
  const std::string expected = "clock: expected an integer from 1 to 1000 (Hz), got ";
  EXPECT_THAT(refused("0"), HasSubstr(expected + "'0'"));
  EXPECT_THAT(refused("1GHz"), HasSubstr(expected + "'1GHz'"));
  EXPECT_THAT(refused("[1]"), HasSubstr(expected + "a list"));
  EXPECT_THAT(refused("2x56"), HasSubstr(expected + "'2x56'"));
  EXPECT_THAT(refused("1 ghz"),
              HasSubstr("test.yaml:1:6: " + expected + "'1 ghz': there is no unit 'ghz'; did you mean 'GHz'?"));
  EXPECT_THAT(refused("1 ns"), HasSubstr("'ns' is no amount of Hz"));
  EXPECT_THAT(refused("9223372036854775807 kHz"), HasSubstr("the value exceeds 2^63 - 1"));
  Diagnostics diagnostics;
  EXPECT_EQ(read_integer(*value("1 GHz"), "rank", diagnostics), std::nullopt);  // has no unit
}

TEST_F(DocumentReader, FiniteNumbersHaveBounds) {
  EXPECT_EQ(read_finite_number(*value("1e308"), "energy", diagnostics_, {0, 1e15}, "pJ"), std::nullopt);
  EXPECT_EQ(read_finite_number(*value("inf"), "energy", diagnostics_, {0, 1e15}, "pJ"), std::nullopt);
  EXPECT_EQ(read_finite_number(*value("-1"), "energy", diagnostics_, {}), std::nullopt);
  EXPECT_THAT(messages(diagnostics_), HasSubstr("energy: expected a number from 0 to 1e+15 (pJ), got '1e308'"));
  EXPECT_THAT(messages(diagnostics_), HasSubstr("energy: expected a finite number of at least 0, got '-1'"));
}

TEST_F(DocumentReader, Booleans) {
  EXPECT_EQ(read_boolean(*value("True"), "b", diagnostics_), true);
  EXPECT_EQ(read_boolean(*value("no"), "b", diagnostics_), false);
  EXPECT_FALSE(diagnostics_.has_errors());
  EXPECT_EQ(read_boolean(*value("maybe"), "b", diagnostics_), std::nullopt);
  EXPECT_EQ(read_boolean(*value("1"), "b", diagnostics_), std::nullopt);
}

TEST_F(DocumentReader, Infinity) {
  EXPECT_TRUE(is_infinite(*value("inf")));
  EXPECT_TRUE(is_infinite(*value(".inf")));
  EXPECT_FALSE(is_infinite(*value("-inf")));
  EXPECT_FALSE(is_infinite(*value("info")));
}

TEST_F(DocumentReader, MapsReportWhatIsMissingAndUnknown) {
  const auto node = parse_text("type: temporal\ntile-shape: 4\nrnak: P1\ndimension: P1\n", diagnostics_);
  MapReader reader(*node, "a temporal node", diagnostics_);
  EXPECT_EQ(reader.required("rank", {"dimension"})->text, "P1");
  EXPECT_EQ(reader.optional("tile_shape", {"tile_size"})->text, "4");
  EXPECT_EQ(reader.required("einsum"), nullptr);
  reader.finish();
  const std::string text = messages(diagnostics_);
  EXPECT_THAT(text, HasSubstr("test.yaml:1:1: a temporal node lacks 'einsum'"));
  EXPECT_THAT(text, HasSubstr("test.yaml:3:1: unknown key 'rnak' in a temporal node; did you mean 'rank'?"));
  EXPECT_THAT(text, HasSubstr("test.yaml:1:1: unknown key 'type'"));
}

TEST_F(DocumentReader, AMisspeltKeyIsOneError) {
  const auto node = parse_text("dimnsion: P1\ntyp: temporal\nfactr: 2\n", diagnostics_);
  MapReader reader(*node, "a node", diagnostics_);
  EXPECT_EQ(reader.required("rank", {"dimension"}), nullptr);
  EXPECT_EQ(reader.required("type"), nullptr);
  EXPECT_TRUE(reader.report_misspelling({"tile_shape", "factor"}));
  EXPECT_FALSE(reader.report_misspelling({"tile_shape", "factor"}));
  reader.finish();
  EXPECT_EQ(messages(diagnostics_),
            "test.yaml:1:1: unknown key 'dimnsion' in a node; did you mean 'dimension'?\n"
            "test.yaml:2:1: unknown key 'typ' in a node; did you mean 'type'?\n"
            "test.yaml:3:1: unknown key 'factr' in a node; did you mean 'factor'?\n");
}

TEST_F(DocumentReader, TwoSpellingsOfOneKey) {
  const auto node = parse_text("rank: P1\ndimension: P2\n", diagnostics_);
  MapReader reader(*node, "a node", diagnostics_);
  reader.required("rank", {"dimension"});
  EXPECT_THAT(messages(diagnostics_), HasSubstr("'dimension' says the same as 'rank' at test.yaml:1:1"));
}

}  // namespace
}  // namespace loopsim
