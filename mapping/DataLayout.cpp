#include "mapping/DataLayout.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace loopsim {

namespace {

constexpr std::int64_t most_words = 1'000'000'000;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// "Fmap1_C" and "C1" give "c".
std::string short_name(const std::string& dimension) {
  std::string name = lower(dimension.substr(dimension.rfind('_') + 1));
  while (name.size() > 1 && std::isdigit(static_cast<unsigned char>(name.back()))) name.pop_back();
  return name;
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// A dimension as written, and how many of its words.
struct Piece {
  std::string name;
  std::string words;
};

class LayoutParser {
 public:
  LayoutParser(const std::string& text, const std::string& tensor, const std::vector<std::string>& dimensions,
               const SourcePosition& where, Diagnostics& diagnostics)
      : text_(text), tensor_(tensor), dimensions_(dimensions), where_(where), diagnostics_(diagnostics) {}

  std::optional<DataLayout> parse() {
    names_ = text_.find_first_of(",/: ") != std::string::npos;
    const std::size_t divide = text_.find(names_ ? '/' : '_');
    const std::string order = trimmed(text_.substr(0, divide));
    const std::string in_line = divide == std::string::npos ? "" : trimmed(text_.substr(divide + 1));
    if (order.empty()) return fail("expected the order of the lines first, as in 'HWC_C32'");
    if (divide != std::string::npos && in_line.empty()) {
      return fail(fmt::format("expected what a line holds after the '{}', as in 'HWC_C32'", text_[divide]));
    }
    read_order(names_ ? split_names(order) : split_letters(order));
    read_line(names_ ? split_names(in_line) : split_letters(in_line));
    if (failed_) return std::nullopt;
    return std::move(layout_);
  }

 private:
  std::nullopt_t fail(const std::string& message) {
    failed_ = true;
    diagnostics_.error(where_, fmt::format("layout '{}' of '{}': {}", text_, tensor_, message));
    return std::nullopt;
  }

  static std::vector<Piece> split_letters(const std::string& text) {
    std::vector<Piece> pieces;
    for (const char c : text) {
      if (std::isdigit(static_cast<unsigned char>(c)) && !pieces.empty()) {
        pieces.back().words += c;
      } else {
        pieces.push_back({std::string(1, c), ""});
      }
    }
    return pieces;
  }

  static std::vector<Piece> split_names(const std::string& text) {
    std::vector<Piece> pieces;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const std::string one = text.substr(begin, end - begin);
      const std::size_t colon = one.find(':');
      pieces.push_back(
          {trimmed(one.substr(0, colon)), colon == std::string::npos ? "" : trimmed(one.substr(colon + 1))});
      begin = end + 1;
    }
    return pieces;
  }

  std::optional<std::size_t> find(const std::string& name) {
    const std::string wanted = lower(name);
    std::vector<std::size_t> found;
    // The closest kind of match that there is counts.
    const auto collect = [&](auto matches) {
      if (!found.empty()) return;
      for (std::size_t d = 0; d < dimensions_.size(); ++d) {
        if (matches(dimensions_[d])) found.push_back(d);
      }
    };
    collect([&](const std::string& dimension) { return lower(dimension) == wanted; });
    collect([&](const std::string& dimension) { return short_name(dimension) == wanted; });
    collect([&](const std::string& dimension) { return !names_ && short_name(dimension)[0] == wanted[0]; });
    if (found.size() == 1) return found.front();
    if (found.empty()) {
      return fail(fmt::format("'{}' is no dimension; the tensor has {}", name, fmt::join(dimensions_, ", ")));
    }
    std::vector<std::string> candidates;
    for (const std::size_t d : found) candidates.push_back(dimensions_[d]);
    return fail(fmt::format("'{}' may mean {}; write names: '{} / {}:8'", name, fmt::join(candidates, " or "),
                            fmt::join(dimensions_, ", "), dimensions_.back()));
  }

  void read_order(const std::vector<Piece>& pieces) {
    std::vector<std::size_t> named;
    for (const Piece& piece : pieces) {
      if (!piece.words.empty()) {
        fail(fmt::format("'{}{}': counts belong behind the '{}', where a line's words are told", piece.name,
                         piece.words, names_ ? '/' : '_'));
        continue;
      }
      const auto dimension = find(piece.name);
      if (!dimension) continue;
      if (std::find(named.begin(), named.end(), *dimension) != named.end()) {
        fail(fmt::format("'{}' is twice in the order of the lines", piece.name));
      }
      named.push_back(*dimension);
    }
    for (std::size_t d = 0; d < dimensions_.size(); ++d) {
      if (std::find(named.begin(), named.end(), d) == named.end()) layout_.order.push_back(d);
    }
    layout_.order.insert(layout_.order.end(), named.begin(), named.end());
  }

  void read_line(const std::vector<Piece>& pieces) {
    bool open = false;
    for (const Piece& piece : pieces) {
      const auto dimension = find(piece.name);
      if (!dimension) continue;
      DataLayout::InLine in_line{*dimension, std::nullopt};
      const bool twice = std::any_of(layout_.in_line.begin(), layout_.in_line.end(),
                                     [&](const DataLayout::InLine& other) { return other.dimension == *dimension; });
      if (twice) fail(fmt::format("'{}' is twice in a line", piece.name));
      if (piece.words.empty()) {
        if (open) fail(fmt::format("'{}' has no count; only one dimension may fill up the line", piece.name));
        open = true;
      } else {
        const bool digits =
            std::all_of(piece.words.begin(), piece.words.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        std::int64_t words = 0;
        if (digits && piece.words.size() <= 10) words = std::stoll(piece.words);
        if (words < 1 || words > most_words) {
          fail(fmt::format("'{}{}': expected a count from 1 to {}", piece.name, piece.words, most_words));
        }
        in_line.words = words;
      }
      layout_.in_line.push_back(in_line);
    }
  }

  const std::string& text_;
  const std::string& tensor_;
  const std::vector<std::string>& dimensions_;
  const SourcePosition& where_;
  Diagnostics& diagnostics_;
  DataLayout layout_;
  bool names_ = false;
  bool failed_ = false;
};

}  // namespace

DataLayout row_major(std::size_t dimensions) {
  DataLayout layout;
  for (std::size_t d = 0; d < dimensions; ++d) layout.order.push_back(d);
  if (dimensions > 0) layout.in_line.push_back({dimensions - 1, std::nullopt});
  return layout;
}

std::optional<DataLayout> parse_layout(const std::string& text, const std::string& tensor,
                                       const std::vector<std::string>& dimensions, const SourcePosition& where,
                                       Diagnostics& diagnostics) {
  return LayoutParser(text, tensor, dimensions, where, diagnostics).parse();
}

}  // namespace loopsim
