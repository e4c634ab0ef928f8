#include "tests/cli/Browser.hpp"

#include <cstdlib>
#include <sstream>
#include <unistd.h>

#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

/// Without a network, with a profile of its own.
std::string call(const std::string& chromium, const TemporaryFolder& folder, std::uint32_t width,
                 std::uint32_t height) {
  return chromium + (geteuid() == 0 ? " --no-sandbox" : "") +
         " --headless --disable-gpu --no-first-run --hide-scrollbars --user-data-dir='" +
         (folder.path() / "profile").string() +
         "' --host-resolver-rules='MAP * ~NOTFOUND' --window-size=" + std::to_string(width) + "," +
         std::to_string(height);
}

}  // namespace

std::string find_chromium() {
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/chromium";
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

BrowserView view(const std::string& chromium, const TemporaryFolder& folder, const std::string& page, int width) {
  const auto path = [&folder](const char* name) { return (folder.path() / name).string(); };
  const std::string command = call(chromium, folder, static_cast<std::uint32_t>(width), 900) +
                              " --enable-logging=stderr --log-net-log=" + path("net.json") + " --dump-dom file://" +
                              page + " > " + path("document") + " 2> " + path("log");
  const bool ended = std::system(command.c_str()) == 0;
  const std::string log = text_of(path("net.json"));
  // What the browser asks for itself has no origin.
  return {ended ? text_of(path("document")) : "", !ended || text_of(path("log")).find("CONSOLE") != std::string::npos,
          count(log, "\"initiator\":\"") - count(log, "\"initiator\":\"not an origin\"")};
}

int screenshot(const std::string& chromium, const TemporaryFolder& folder, const std::string& page,
               const std::string& picture, std::uint32_t width, std::uint32_t height) {
  const std::string command =
      call(chromium, folder, width, height) + " --screenshot='" + picture + "' file://" + page + " 2> /dev/null";
  return std::system(command.c_str());
}

}  // namespace loopsim
