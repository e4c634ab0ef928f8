#include <gtest/gtest.h>

#include "base/CsvField.hpp"

namespace loopsim {
namespace {

TEST(CsvField, QuotesWhatWouldBreakATable) {
  EXPECT_EQ(csv_field("Fmap1"), "Fmap1");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
}

TEST(CsvField, NothingIsAFormula) {
  for (const char* text : {"=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "-1-1", "--1", "=cmd|' /C calc'!A0"}) {
    EXPECT_EQ(csv_field(text), std::string("'") + text);
  }
  EXPECT_EQ(csv_field("=1,\"2\""), "\"'=1,\"\"2\"\"\"");
  EXPECT_EQ(csv_field("\r=1"), "\"'\r=1\"");
}

TEST(CsvField, NumbersStayNumbers) {
  for (const char* text : {"-785", "0.25", "-1e-9", "65536", "-inf"}) EXPECT_EQ(csv_field(text), text);
}

}  // namespace
}  // namespace loopsim
