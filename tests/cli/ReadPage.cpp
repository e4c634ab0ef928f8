#include "tests/cli/ReadPage.hpp"

#include <gtest/gtest.h>

#include "tests/cli/TestFiles.hpp"

namespace loopsim {
namespace {

std::string decoded(const std::string& percent_encoded) {
  std::string text;
  for (std::size_t i = 0; i < percent_encoded.size(); ++i) {
    if (percent_encoded[i] == '%') {
      text += static_cast<char>(std::stoi(percent_encoded.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      text += percent_encoded[i];
    }
  }
  return text;
}

/// RFC 4180.
Rows read_csv(const std::string& text) {
  Rows rows = {{""}};
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (c == '"' && in_quotes && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      rows.back().emplace_back();
    } else if (c == '\n' && !in_quotes) {
      rows.push_back({""});
    } else {
      field += c;
    }
  }
  EXPECT_FALSE(in_quotes);
  EXPECT_EQ(rows.back(), std::vector<std::string>{""});
  rows.pop_back();
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows.front().size());
  return rows;
}

ReadFigure figure_of(const MarkupElement& element) {
  ReadFigure figure;
  for (const MarkupElement* part : all_elements(element)) {
    const auto link = part->attributes.find("href");
    if (part->name == "a" && link != part->attributes.end()) {
      const std::string start = "data:text/csv;charset=utf-8,";
      EXPECT_EQ(link->second.rfind(start, 0), 0);
      figure.rows = read_csv(decoded(link->second.substr(start.size())));
      figure.rows.erase(figure.rows.begin());
    }
    if (part->name == "rect" && !part->children.empty()) {
      figure.boxes.push_back(
          {std::stod(part->attributes.at("x")), std::stod(part->attributes.at("width")), part->children.front().text});
    }
  }
  return figure;
}

}  // namespace

ReadPage read_page(const std::string& path) {
  ReadPage page;
  page.text = text_of(path);
  page.root = read_markup(page.text);
  for (const MarkupElement* element : all_elements(page.root)) {
    if (element->name == "figure") page.figures[element->attributes.at("id")] = figure_of(*element);
  }
  return page;
}

}  // namespace loopsim
