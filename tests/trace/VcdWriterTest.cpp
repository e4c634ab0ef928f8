#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/TemporaryFolder.hpp"
#include "trace/vcd/VcdWriter.hpp"

namespace loopsim {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class VcdWriterTest : public ::testing::Test {
 protected:
  std::string finished(Picoseconds end, const std::optional<std::string>& cut = std::nullopt) {
    writer_.finish(end, cut);
    std::ostringstream text;
    text << std::ifstream(folder_.path() / "trace.vcd").rdbuf();
    return text.str();
  }

  TemporaryFolder folder_;
  VcdWriter writer_{folder_.path()};
  VcdSignal busy_ = writer_.add_signal("array", "busy", 1);
  VcdSignal count_ = writer_.add_signal("array", "count", 8);
};

TEST_F(VcdWriterTest, WritesChangesAlone) {
  writer_.begin(Picoseconds(), Picoseconds(1'000));
  writer_.change(busy_, Picoseconds(10), 1);
  writer_.change(count_, Picoseconds(10), 3);
  writer_.change(count_, Picoseconds(10), 5);
  writer_.settle(Picoseconds(20));
  writer_.change(busy_, Picoseconds(20), 1);
  writer_.change(count_, Picoseconds(30), 0);
  const std::string text = finished(Picoseconds(40));
  EXPECT_THAT(text, HasSubstr("$scope module array $end\n$var wire 1 ! busy $end\n$var wire 8 \" count [7:0] $end\n"));
  EXPECT_THAT(text, EndsWith("#0\n$dumpvars\n0!\nb0 \"\n$end\n#10\n1!\nb101 \"\n#30\nb0 \"\n#40\n"));
}

TEST_F(VcdWriterTest, PutsWhatCameAheadInOrder) {
  writer_.begin(Picoseconds(), Picoseconds(1'000));
  writer_.change(count_, Picoseconds(15), 1);
  writer_.settle(Picoseconds(12));
  writer_.change(busy_, Picoseconds(12), 1);
  EXPECT_THAT(finished(Picoseconds(20), "why"), EndsWith("#12\n1!\n#15\nb1 \"\n#20\n$comment cut: why $end\n"));
}

TEST_F(VcdWriterTest, BeginsAWindowWithItsValues) {
  writer_.begin(Picoseconds(100), Picoseconds(200));
  writer_.change(busy_, Picoseconds(10), 1);
  writer_.change(count_, Picoseconds(50), 7);
  writer_.change(count_, Picoseconds(150), 8);
  writer_.change(count_, Picoseconds(200), 9);
  EXPECT_THAT(finished(Picoseconds(300)), EndsWith("#100\n$dumpvars\n1!\nb111 \"\n$end\n#150\nb1000 \"\n#200\n"));
}

}  // namespace
}  // namespace loopsim
