#include <gtest/gtest.h>

#include "trace/rtl/VerilogFunction.hpp"

namespace loopsim {
namespace {

TEST(VerilogFunction, OfSingleArguments) {
  const VerilogFunction rate{"[63:0]", "rate", "bits", {{0, "64'd5", "a port"}, {3, "7", ""}}};
  EXPECT_EQ(case_function(rate, "port", -1),
            R"(  function [63:0] rate;  // bits
    input integer port;
    case (port)
      0: rate = 64'd5;  // a port
      3: rate = 7;
      default: rate = -1;
    endcase
  endfunction
)");
}

TEST(VerilogFunction, OfRanges) {
  const VerilogFunction level{"integer", "level_of", "", {{10, "0", ""}, {12, "1", "two words"}}};
  EXPECT_EQ(range_function(level),
            R"(  function integer level_of;
    input integer at;
    if (at < 0) level_of = 0;
    else if (at < 10) level_of = 0;
    else if (at < 12) level_of = 1;  // two words
    else level_of = 0;
  endfunction
)");
}

}  // namespace
}  // namespace loopsim
