#include "base/TextFile.hpp"

#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace loopsim {

std::shared_ptr<const SourceText> read_text_file(const std::string& path, Diagnostics& diagnostics, bool& missing) {
  auto source = std::make_shared<SourceText>();
  source->name = path == "-" ? "<stdin>" : path;
  const SourcePosition whole{source, 0, 0};
  if (path == "-") {
    source->text.assign(std::istreambuf_iterator<char>(std::cin), {});
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
    missing = true;
    diagnostics.error(whole, fmt::format("cannot be opened: {}", std::generic_category().message(errno)));
    return nullptr;
  }
  source->text.assign(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad()) {
    diagnostics.error(whole, "cannot be read");
    return nullptr;
  }
  return source;
}

}  // namespace loopsim
