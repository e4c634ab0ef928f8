#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace loopsim {

/// A file that is written piece by piece under another name and appears under its own when it is complete. Takes a
/// buffer of memory, whatever its size. Throws InputError if it cannot be written, LimitError
/// where the device is full.
class TraceFile {
 public:
  TraceFile(const std::filesystem::path& folder, const std::string& name);
  /// Leaves nothing behind unless the file was finished.
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  void write(std::string_view text) {
    buffer_.append(text);
    size_ += static_cast<std::int64_t>(text.size());
    if (buffer_.size() >= flush_size) flush();
  }
  /// Bytes so far.
  std::int64_t size() const { return size_; }
  const std::string& name() const { return name_; }
  void finish();

 private:
  static constexpr std::size_t flush_size = 1 << 16;

  void flush();
  [[noreturn]] void fail(int error) const;

  std::string name_;
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int file_ = -1;
  bool renamed_ = false;
  std::int64_t size_ = 0;
  std::string buffer_;
};

}  // namespace loopsim
