// Every page of the documentation: its commands run and print what the page shows, what it mentions is there.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "tests/TemporaryFolder.hpp"
#include "tests/TestPaths.hpp"
#include "tests/docs/ConsoleBlock.hpp"
#include "tests/docs/Markdown.hpp"

namespace loopsim {
namespace {

namespace fs = std::filesystem;

/// LOOPSIM_UPDATE_DOCS=1 writes what the program prints into the pages.
bool updating() {
  return std::getenv("LOOPSIM_UPDATE_DOCS") != nullptr;
}

/// A folder that looks like the root of the sources; what commands write stays in it.
void imitate_sources(const TemporaryFolder& folder) {
  for (const auto& entry : fs::directory_iterator(source_folder())) {
    const fs::path name = entry.path().filename();
    if (name != "build" && name.string()[0] != '.') fs::create_symlink(entry.path(), folder.path() / name);
  }
}

class Pages : public ::testing::TestWithParam<fs::path> {};

TEST_P(Pages, CommandsRunAndPrintWhatIsShown) {
  const MarkdownPage page = read_page(GetParam());
  const TemporaryFolder folder;
  imitate_sources(folder);
  std::vector<std::vector<std::string>> blocks;
  for (const CodeBlock& block : page.blocks) {
    std::vector<std::string>& updated = blocks.emplace_back(block.lines);
    if (block.language != "console") continue;
    updated.clear();
    const std::vector<ShownCommand> commands = commands_of(block.lines);
    int status = 0;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const ShownCommand& shown = commands[i];
      SCOPED_TRACE(page.path.string() + ": " + shown.command);
      const ShellOutcome real = run_shell(shown.command, folder.path(), status);
      status = real.exit_code;
      const bool asks_for_status = i + 1 < commands.size() && commands[i + 1].command.find("$?") != std::string::npos;
      EXPECT_TRUE(status == 0 || asks_for_status) << "ended with " << status << ":\n" << join_lines(real.output);
      updated.insert(updated.end(), shown.lines.begin(), shown.lines.end());
      const bool same = shown.output.empty() || matches(shown.output, real.output);
      const auto& output = same ? shown.output : real.output;
      updated.insert(updated.end(), output.begin(), output.end());
      if (!updating()) {
        EXPECT_TRUE(same) << "the page shows\n"
                          << join_lines(shown.output) << "but it prints\n"
                          << join_lines(real.output);
      }
    }
  }
  if (!updating()) return;
  MarkdownPage rest = page;
  for (std::size_t i = page.blocks.size(); i-- > 0;) {
    if (blocks[i] == page.blocks[i].lines) continue;
    replace_lines(rest, page.blocks[i].first, page.blocks[i].lines.size(), blocks[i]);
    rest = read_page(GetParam());
  }
}

TEST_P(Pages, CommandsOfTheProgramStandInConsoleBlocks) {
  const MarkdownPage page = read_page(GetParam());
  for (const CodeBlock& block : page.blocks) {
    if (block.language == "console") continue;
    for (const std::string& line : block.lines) {
      EXPECT_NE(line.rfind("loopsim ", 0), 0) << page.path << ": not run: " << line;
      EXPECT_NE(line.rfind("$ ", 0), 0) << page.path << ": not run: " << line;
    }
  }
}

TEST_P(Pages, CommandsInTheTextExist) {
  const MarkdownPage page = read_page(GetParam());
  static const std::regex words("[^ ]+");
  for (const std::string& span : page.code) {
    if (span.rfind("loopsim ", 0) != 0) continue;
    std::vector<std::string> parts;
    for (std::sregex_iterator at(span.begin(), span.end(), words), end; at != end; ++at) parts.push_back(at->str());
    if (parts[1][0] == '-') continue;
    const ShellOutcome help = run_shell("loopsim " + parts[1] + " --help", source_folder(), 0);
    EXPECT_EQ(help.exit_code, 0) << page.path << ": " << span;
    for (const std::string& part : parts) {
      const std::string option = part.substr(0, part.find('='));
      if (option[0] != '-') continue;
      EXPECT_NE(join_lines(help.output).find(option), std::string::npos) << page.path << ": " << span;
    }
  }
}

TEST_P(Pages, FilesAndLinksExist) {
  const MarkdownPage page = read_page(GetParam());
  for (const std::string& link : page.links) {
    if (link.rfind("https://", 0) == 0) continue;
    const std::string file = link.substr(0, link.find('#'));
    const fs::path target = file.empty() ? page.path : page.path.parent_path() / file;
    ASSERT_TRUE(fs::exists(source_folder() / target)) << page.path << " links to " << link;
    if (link.find('#') == std::string::npos) continue;
    const auto anchors = read_page(target).anchors;
    EXPECT_TRUE(std::count(anchors.begin(), anchors.end(), link.substr(link.find('#') + 1)))
        << page.path << " links to " << link;
  }
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(source_folder())) {
    if (entry.is_directory() && entry.path().filename() != "build") folders.insert(entry.path().filename().string());
  }
  static const std::regex path("[a-z_.]+(/[A-Za-z0-9_.-]+)+/?");
  for (const std::string& span : page.code) {
    if (!std::regex_match(span, path) || folders.count(span.substr(0, span.find('/'))) == 0) continue;
    EXPECT_TRUE(fs::exists(source_folder() / span)) << page.path << " mentions " << span;
  }
}

std::string name_of(const ::testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Pages, ::testing::ValuesIn(page_paths()), name_of);

}  // namespace
}  // namespace loopsim
