#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loopsim {

/// Encodes Protocol Buffers' wire format: fields one after the other, messages in messages.
class ProtoBuffer {
 public:
  void clear() { bytes_.clear(); }
  std::string_view bytes() const { return bytes_; }

  void integer(std::uint32_t field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
  }
  void fixed64(std::uint32_t field, std::uint64_t value) {
    varint(field << 3 | 1);
    for (int byte = 0; byte < 8; ++byte) bytes_.push_back(static_cast<char>(value >> 8 * byte));
  }
  void text(std::uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    bytes_.append(value);
  }

  /// Begins a message that is a field; what it returns is for end_message().
  std::size_t begin_message(std::uint32_t field) {
    varint(field << 3 | 2);
    bytes_.push_back('\0');
    return bytes_.size();
  }
  void end_message(std::size_t begin) {
    std::uint64_t size = bytes_.size() - begin;
    if (size < 0x80) {
      bytes_[begin - 1] = static_cast<char>(size);
      return;
    }
    // The length needs more than the byte that was left for it.
    std::string length;
    for (; size >= 0x80; size >>= 7) length.push_back(static_cast<char>(size | 0x80));
    length.push_back(static_cast<char>(size));
    bytes_.replace(begin - 1, 1, length);
  }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }

  std::string bytes_;
};

}  // namespace loopsim
