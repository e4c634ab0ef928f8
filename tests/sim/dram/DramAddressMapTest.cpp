#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "arch/dram/DramPartLoader.hpp"
#include "sim/dram/DramAddressMap.hpp"
#include "tests/ParseText.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

DramOrganisation ddr4() {
  return load_dram_part("ddr4-2400-17").organisation;
}

TEST(DramAddressMap, FieldsFromTheTopDown) {
  const DramAddressMap map("row:bank:bankgroup:column", ddr4(), 1, 1);
  EXPECT_EQ(map.capacity_bytes(), std::uint64_t(8) << 30);
  const DramLocation first = map.locate(63);
  EXPECT_EQ(first.column, 0U);
  const DramLocation place = map.locate((std::uint64_t(5) << 17) | (3U << 15) | (2U << 13) | (77U << 6) | 9U);
  EXPECT_EQ(place.row, 5U);
  EXPECT_EQ(place.bank.value, 2U * 4 + 3U) << "bank 3 of group 2";
  EXPECT_EQ(place.column, 77U);
  EXPECT_EQ(place.channel, 0U);
}

TEST(DramAddressMap, UnnamedRankAndChannelOnTop) {
  const DramAddressMap map("row:column:bank:bankgroup", ddr4(), 2, 4);
  const DramLocation place = map.locate((std::uint64_t(3) << 34) | (std::uint64_t(1) << 33));
  EXPECT_EQ(place.channel, 3U);
  EXPECT_EQ(place.bank.value, 16U) << "the first bank of rank 1";
  EXPECT_EQ(place.row, 0U);
  EXPECT_EQ(map.channel_of(std::uint64_t(3) << 34), 3U);
}

TEST(DramAddressMap, NamedRankAndChannelAnywhere) {
  const DramAddressMap map("rank:row:column:bank:channel:bankgroup", ddr4(), 2, 2);
  EXPECT_EQ(map.locate(1U << 8).channel, 1U);
  EXPECT_EQ(map.locate(1U << 9).bank.value, 1U);
  EXPECT_EQ(map.locate(std::uint64_t(1) << 33).channel, 0U);
  EXPECT_EQ(map.locate(std::uint64_t(1) << 33).row, 1U << 15);
  EXPECT_EQ(map.locate(std::uint64_t(1) << 34).bank.value, 16U);
}

TEST(DramAddressMap, EveryPlaceOnce) {
  DramOrganisation small = ddr4();
  small.rows = 4;
  small.columns = 32;
  for (const char* mapping : {"row:bank:bankgroup:column", "column:rank:row:channel:bankgroup:bank"}) {
    const DramAddressMap map(mapping, small, 2, 2);
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>> places;
    for (std::uint64_t a = 0; a < map.capacity_bytes(); a += 64) {
      const DramLocation p = map.locate(a);
      EXPECT_LT(p.bank.value, 32U);
      places.insert({p.channel, p.bank.value, p.row, p.column});
    }
    EXPECT_EQ(places.size(), map.capacity_bytes() / 64);
    const DramLocation wrapped = map.locate(map.capacity_bytes() + 64);
    EXPECT_EQ(wrapped.column, map.locate(64).column);
    EXPECT_EQ(wrapped.row, map.locate(64).row);
  }
}

TEST(DramAddressMap, FieldsOfOneValueMayBeLeftOut) {
  const DramOrganisation lpddr4 = load_dram_part("lpddr4-3200").organisation;
  EXPECT_EQ(DramAddressMap("row:bank:column", lpddr4, 1, 1).capacity_bytes(), std::uint64_t(1) << 30);
  EXPECT_EQ(DramAddressMap("row:bank:bankgroup:column", lpddr4, 1, 1).capacity_bytes(), std::uint64_t(1) << 30);
}

std::string error_of(const std::string& mapping, std::int64_t ranks = 1, std::int64_t channels = 1) {
  try {
    DramAddressMap(mapping, ddr4(), ranks, channels);
  } catch (const InputError& error) {
    return messages(error.diagnostics);
  }
  return "";
}

TEST(DramAddressMap, Errors) {
  EXPECT_THAT(error_of("row:bnak:bankgroup:column"),
              HasSubstr("mapping:1:5: there is no field 'bnak'; did you mean 'bank'?"));
  EXPECT_THAT(error_of("row:bank:column"), HasSubstr("'bankgroup' is missing; it has 4 values"));
  EXPECT_THAT(error_of("row:bank:row:bankgroup:column"), HasSubstr("mapping:1:10: 'row' stands twice"));
  EXPECT_THAT(error_of("row::bank:bankgroup:column"), HasSubstr("mapping:1:5: expected a field"));
  EXPECT_THAT(error_of(""), HasSubstr("mapping:1:1: expected a field"));
  EXPECT_THAT(error_of("row:bank:bankgroup:column:"), HasSubstr("mapping:1:27: expected a field"));
  EXPECT_THAT(error_of("row:bank:bankgroup:column", 1, 3), HasSubstr("'channel' must be a power of two"));
  EXPECT_THAT(error_of("row:bank:bankgroup:column", 3), HasSubstr("'rank' must be a power of two"));
}

}  // namespace
}  // namespace loopsim
