#include <gtest/gtest.h>

#include "base/Unit.hpp"

namespace loopsim {
namespace {

/// "numerator/denominator", or "none".
std::string ratio(std::string_view written, std::string_view unit) {
  const auto found = unit_ratio(written, unit);
  return found ? std::to_string(found->numerator) + "/" + std::to_string(found->denominator) : "none";
}

TEST(Unit, PrefixesScale) {
  EXPECT_EQ(ratio("GHz", "Hz"), "1000000000/1");
  EXPECT_EQ(ratio("Hz", "Hz"), "1/1");
  EXPECT_EQ(ratio("ns", "s"), "1/1000000000");
  EXPECT_EQ(ratio("µs", "s"), "1/1000000");
  EXPECT_EQ(ratio("nJ", "pJ"), "1000/1");
  EXPECT_EQ(ratio("fJ", "pJ"), "1/1000");
  EXPECT_EQ(ratio("mW", "W"), "1/1000");
  EXPECT_EQ(ratio("A", "mA"), "1000/1");
  EXPECT_EQ(ratio("Mcycles", "cycles"), "1000000/1");
}

TEST(Unit, BytesAreEightBits) {
  EXPECT_EQ(ratio("B", "bits"), "8/1");
  EXPECT_EQ(ratio("KiB", "bits"), "8192/1");
  EXPECT_EQ(ratio("kB", "bits"), "8000/1");
  EXPECT_EQ(ratio("Mib", "bits"), "1048576/1");
  EXPECT_EQ(ratio("kbit", "bits"), "1000/1");
  EXPECT_EQ(ratio("MiB", "KiB"), "1024/1");
}

TEST(Unit, QuotientsScaleAboveAndBelow) {
  EXPECT_EQ(ratio("GB/s", "bits/s"), "8000000000/1");
  EXPECT_EQ(ratio("Gbps", "bits/s"), "1000000000/1");
  EXPECT_EQ(ratio("b/ns", "bits/s"), "1000000000/1");
  EXPECT_EQ(ratio("fJ/bit", "pJ/bit"), "1/1000");
  EXPECT_EQ(ratio("pJ/B", "pJ/bit"), "1/8");
}

TEST(Unit, OtherKindsDoNotMix) {
  EXPECT_EQ(ratio("ns", "Hz"), "none");
  EXPECT_EQ(ratio("GB", "bits/s"), "none");
  EXPECT_EQ(ratio("cycles", "tiles"), "none");
  EXPECT_EQ(ratio("KB", "bits"), "none");
  EXPECT_EQ(ratio("/s", "bits/s"), "none");
  EXPECT_EQ(ratio("", "Hz"), "none");
}

TEST(Unit, ErrorsSayWhatWasMeant) {
  EXPECT_EQ(unit_error("ns", "Hz"), "'ns' is no amount of Hz");
  EXPECT_EQ(unit_error("Ghz", "Hz"), "there is no unit 'Ghz'; did you mean 'GHz'?");
  EXPECT_EQ(unit_error("mhz", "Hz"), "there is no unit 'mhz'; did you mean 'MHz'?");
  EXPECT_EQ(unit_error("KB", "bits"), "there is no unit 'KB'; write 'kB' for 1000 or 'KiB' for 1024");
  EXPECT_EQ(unit_error("furlongs", "bits"), "there is no unit 'furlongs'");
  EXPECT_EQ(unit_error("GB/s", "words a cycle"), "'GB/s' is no amount of words a cycle");
}

TEST(Unit, StandsAtTheEndOfANumber) {
  EXPECT_EQ(unit_begin("1.5 GHz"), 4U);
  EXPECT_EQ(unit_begin("16*1024B"), 7U);
  EXPECT_EQ(unit_begin("(1 + 2) GB/s"), 8U);
  EXPECT_EQ(unit_begin("1e9"), 3U);
  EXPECT_EQ(unit_begin("16/2"), 4U);
  EXPECT_EQ(unit_begin("inf"), 3U);
  EXPECT_EQ(unit_begin("-.inf"), 5U);
  EXPECT_EQ(unit_begin("perhaps"), 7U);
  EXPECT_EQ(unit_begin(""), 0U);
}

}  // namespace
}  // namespace loopsim
