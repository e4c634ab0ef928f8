#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace loopsim {

/// A fenced code block.
struct CodeBlock {
  std::string language;   ///< the word after the fence
  std::size_t first = 0;  ///< index of its first line among the document's
  std::vector<std::string> lines;
};

/// Text between the lines `<!-- generated: WHAT -->` and `<!-- end -->`.
struct GeneratedPart {
  std::string what;
  std::size_t first = 0;
  std::vector<std::string> lines;
};

/// A page of the documentation, as far as the tests look at it.
struct MarkdownPage {
  std::filesystem::path path;  ///< from the root of the sources
  std::vector<std::string> lines;
  std::vector<CodeBlock> blocks;
  std::vector<GeneratedPart> generated;
  std::vector<std::string> anchors;  ///< of the headings, as GitHub forms them
  std::vector<std::string> links;    ///< targets of [text](target), outside code blocks
  std::vector<std::string> code;     ///< `spans` outside code blocks
};

MarkdownPage read_page(const std::filesystem::path& path);

/// README.md and docs/*.md, from the root of the sources.
std::vector<std::filesystem::path> page_paths();

std::vector<std::string> split_lines(const std::string& text);
std::string join_lines(const std::vector<std::string>& lines);

/// Writes lines over `count` ones from `first` on.
void replace_lines(const MarkdownPage& page, std::size_t first, std::size_t count,
                   const std::vector<std::string>& lines);

}  // namespace loopsim
