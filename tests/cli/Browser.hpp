#pragma once

#include <cstdint>
#include <string>

#include "tests/TemporaryFolder.hpp"

namespace loopsim {

/// The path of Chromium, or nothing.
std::string find_chromium();

/// What a browser made of a page.
struct BrowserView {
  std::string document;      ///< after its scripts ran
  bool complained = false;   ///< an error or a message on the console
  std::size_t requests = 0;  ///< to load something, made by the page
};

/// Opens a page in a window of that width (Chromium has none below 500 pixels). The folder is for the browser's files.
BrowserView view(const std::string& chromium, const TemporaryFolder& folder, const std::string& page, int width = 1400);

/// Writes a picture of the page's upper left corner; the exit code.
int screenshot(const std::string& chromium, const TemporaryFolder& folder, const std::string& page,
               const std::string& picture, std::uint32_t width, std::uint32_t height);

}  // namespace loopsim
