#include "base/TextFile.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

#include "base/SystemLimit.hpp"

namespace loopsim {

namespace {

/// In blocks: traces are large.
void append_all(std::istream& stream, std::string& text) {
  std::array<char, 65536> block;
  do {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
}

}  // namespace

std::shared_ptr<const SourceText> read_text_file(const std::string& path, Diagnostics& diagnostics, bool& missing) {
  auto source = std::make_shared<SourceText>();
  source->name = path == "-" ? "<stdin>" : path;
  const SourcePosition whole{source, 0, 0};
  if (path == "-") {
    append_all(std::cin, source->text);
    return source;
  }
  if (path.empty()) {
    missing = true;
    diagnostics.error({}, "the name of an input is empty");
    return nullptr;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    diagnostics.error(whole, "is a directory; expected a file");
    return nullptr;
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    const int error = errno;
    throw_if_exhausted(fmt::format("'{}' cannot be opened", path), error);
    missing = true;
    diagnostics.error(whole, fmt::format("cannot be opened: {}", std::generic_category().message(error)));
    return nullptr;
  }
  append_all(stream, source->text);
  if (stream.bad()) {
    diagnostics.error(whole, "cannot be read");
    return nullptr;
  }
  return source;
}

std::shared_ptr<const SourceText> read_required_file(const std::string& path) {
  Diagnostics diagnostics;
  bool missing = false;
  auto source = read_text_file(path, diagnostics, missing);
  if (missing) throw MissingInputError(diagnostics);
  if (!source) throw InputError(diagnostics);
  return source;
}

}  // namespace loopsim
