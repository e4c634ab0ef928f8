// The script that makes the pictures of the README.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/cli/Browser.hpp"

namespace loopsim {
namespace {

struct Picture {
  std::string bytes;

  bool is_png() const { return bytes.rfind("\x89PNG\r\n\x1a\n", 0) == 0 && bytes.size() > 24; }
  /// From the header chunk, which comes first.
  std::uint32_t width() const { return number(16); }
  std::uint32_t height() const { return number(20); }

 private:
  std::uint32_t number(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
    return value;
  }
};

Picture read_picture(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return {text.str()};
}

TEST(Pictures, TheScriptMakesThem) {
  const std::string chromium = find_chromium();
  if (chromium.empty()) GTEST_SKIP() << "needs Debian's package chromium";
  const TemporaryFolder folder;
  const std::string made = (folder.path() / "made").string();
  const std::string command = "LOOPSIM='" + program_path().string() + "' '" +
                              (source_folder() / "scripts/pictures").string() + "' '" + made + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);

  for (const char* name : {"report.png", "timeline.png"}) {
    const Picture picture = read_picture(made + "/" + name);
    ASSERT_TRUE(picture.is_png()) << name;
    EXPECT_LT(picture.bytes.size(), 200'000U) << name;
    // The shipped one is of the same kind; fonts may differ.
    const Picture shipped = read_picture(source_folder() / "docs/pictures" / name);
    ASSERT_TRUE(shipped.is_png()) << name;
    EXPECT_LT(shipped.bytes.size(), 200'000U) << name;
    EXPECT_EQ(picture.width(), shipped.width()) << name;
    EXPECT_EQ(picture.height(), shipped.height()) << name;
    // An empty page of that size takes less.
    const std::string blank = folder.write("blank.html", "<!DOCTYPE html><html lang=\"en\"><body></body></html>");
    const std::string out = (folder.path() / "blank.png").string();
    ASSERT_EQ(screenshot(chromium, folder, blank, out, picture.width(), picture.height()), 0);
    const Picture empty = read_picture(out);
    ASSERT_EQ(empty.width(), picture.width());
    EXPECT_GT(picture.bytes.size(), 4 * empty.bytes.size()) << name;
  }
  EXPECT_EQ(read_picture(made + "/report.png").width(), 1000U);
}

}  // namespace
}  // namespace loopsim
