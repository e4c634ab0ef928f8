#include <gtest/gtest.h>

#include "trace/timeline/ProtoBuffer.hpp"

namespace loopsim {
namespace {

// Examples of the encoding's public description.
TEST(ProtoBuffer, EncodesFields) {
  ProtoBuffer proto;
  proto.integer(1, 150);
  EXPECT_EQ(proto.bytes(), std::string("\x08\x96\x01", 3));
  proto.clear();
  proto.text(2, "testing");
  EXPECT_EQ(proto.bytes(), "\x12\x07testing");
  proto.clear();
  proto.fixed64(47, 1);
  EXPECT_EQ(proto.bytes(), std::string("\xf9\x02\x01\0\0\0\0\0\0\0", 10));
  proto.clear();
  const std::size_t message = proto.begin_message(3);
  proto.integer(1, 150);
  proto.end_message(message);
  EXPECT_EQ(proto.bytes(), std::string("\x1a\x03\x08\x96\x01", 5));
}

TEST(ProtoBuffer, MakesRoomForLongLengths) {
  for (const std::size_t size : {100U, 124U, 125U, 126U, 127U, 128U, 16381U, 16384U}) {
    ProtoBuffer proto;
    const std::size_t outer = proto.begin_message(1);
    const std::size_t inner = proto.begin_message(2);
    const std::string text(size, 'x');
    proto.text(3, text);
    proto.end_message(inner);
    proto.end_message(outer);
    // Read back by hand: three tags and lengths, then the text to the end.
    std::string_view left = proto.bytes();
    for (const char tag : {'\x0a', '\x12', '\x1a'}) {
      ASSERT_EQ(left.front(), tag);
      left.remove_prefix(1);
      std::size_t length = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(left.front());
        left.remove_prefix(1);
        length |= std::size_t(byte & 0x7FU) << shift;
        if (byte < 0x80) break;
      }
      EXPECT_EQ(length, left.size()) << size;
    }
    EXPECT_EQ(left, text);
  }
}

}  // namespace
}  // namespace loopsim
