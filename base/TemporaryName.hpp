#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace loopsim {

/// A file is written under such a name and then renamed, so that nobody sees half of it. Processes that write the same
/// file at the same time do not meet.
std::filesystem::path temporary_path(const std::filesystem::path& folder, const std::string& name);

/// The name that a file would have got whose process was ended before it could rename or remove it; nothing if the
/// process may still live, or if the file's name is none of these. This process has no file yet.
std::optional<std::string> abandoned_name(std::string_view name);

}  // namespace loopsim
