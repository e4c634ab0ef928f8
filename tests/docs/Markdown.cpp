#include "tests/docs/Markdown.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "tests/TestPaths.hpp"

namespace loopsim {

namespace {

std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (c == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

void read_text_line(const std::string& line, MarkdownPage& page) {
  if (line.rfind('#', 0) == 0) page.anchors.push_back(anchor_of(line.substr(line.find_first_not_of("# "))));
  static const std::regex span("`([^`]+)`");
  for (std::sregex_iterator at(line.begin(), line.end(), span), end; at != end; ++at) page.code.push_back((*at)[1]);
  static const std::regex link(R"(\]\(([^)]+)\))");
  for (std::sregex_iterator at(line.begin(), line.end(), link), end; at != end; ++at) page.links.push_back((*at)[1]);
}

}  // namespace

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

MarkdownPage read_page(const std::filesystem::path& path) {
  MarkdownPage page;
  page.path = path;
  std::ostringstream text;
  text << std::ifstream(source_folder() / path, std::ios::binary).rdbuf();
  page.lines = split_lines(text.str());
  CodeBlock* block = nullptr;
  GeneratedPart* part = nullptr;
  static const std::regex begin("<!-- generated: (.*) -->");
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const std::string& line = page.lines[i];
    std::smatch match;
    if (line.rfind("```", 0) == 0) {
      if (block == nullptr) {
        block = &page.blocks.emplace_back(CodeBlock{line.substr(3), i + 1, {}});
      } else {
        block = nullptr;
      }
    } else if (block != nullptr) {
      block->lines.push_back(line);
    } else if (std::regex_match(line, match, begin)) {
      part = &page.generated.emplace_back(GeneratedPart{match[1], i + 1, {}});
    } else if (line == "<!-- end -->") {
      part = nullptr;
    } else {
      if (part != nullptr) part->lines.push_back(line);
      read_text_line(line, page);
    }
  }
  if (block != nullptr) throw std::runtime_error(path.string() + ": a code block is not closed");
  if (part != nullptr) throw std::runtime_error(path.string() + ": a generated part is not closed");
  return page;
}

std::vector<std::filesystem::path> page_paths() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "docs")) {
    if (entry.path().extension() == ".md") paths.push_back("docs" / entry.path().filename());
  }
  std::sort(paths.begin(), paths.end());
  paths.insert(paths.begin(), "README.md");
  return paths;
}

void replace_lines(const MarkdownPage& page, std::size_t first, std::size_t count,
                   const std::vector<std::string>& lines) {
  std::vector<std::string> all = page.lines;
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(first);
  all.insert(all.erase(at, at + static_cast<std::ptrdiff_t>(count)), lines.begin(), lines.end());
  std::ofstream(source_folder() / page.path, std::ios::binary) << join_lines(all);
}

}  // namespace loopsim
