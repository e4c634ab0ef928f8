// The colours of the page can be read: contrast by WCAG 2.1 (w3.org/TR/WCAG21/#dfn-contrast-ratio).
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <string>

#include "report/svg/PageStyle.hpp"

namespace loopsim {
namespace {

using Colours = std::map<std::string, std::string>;

/// "#666" and "#12ab34".
double luminance(std::string colour) {
  if (colour.size() == 4) colour = {'#', colour[1], colour[1], colour[2], colour[2], colour[3], colour[3]};
  const auto channel = [&colour](std::size_t at) {
    const double value = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

/// Matches of a pattern with two groups, as a map.
Colours matches(const std::string& text, const char* pattern) {
  Colours found;
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
    found.emplace((*at)[1], (*at)[2]);
  }
  return found;
}

/// The variables of light screens and paper, then those of dark screens.
std::vector<Colours> modes(std::string_view style_sheet) {
  const std::string style(style_sheet);
  const std::size_t dark = style.find("@media");
  const std::size_t rest = style.find("\nsvg ");
  const char* const variable = "--([a-z0-9]+): (#[0-9a-f]+)";
  return {matches(style.substr(0, dark), variable), matches(style.substr(dark, rest - dark), variable)};
}

TEST(PageStyle, TextIsReadableInBothModes) {
  for (const Colours& mode : modes(drawing_style())) {
    ASSERT_EQ(mode.size(), 6U);
    for (const char* text : {"ink", "faint"}) {
      for (const char* behind : {"paper", "card"}) EXPECT_GE(contrast(mode.at(text), mode.at(behind)), 4.5) << text;
    }
  }
}

/// Black text stands on them.
TEST(PageStyle, NumbersInBarsAreReadable) {
  const Colours fills = matches(std::string(drawing_style()), "svg \\.([a-z0-9]+)[^\\{\n]*\\{ fill: (#[0-9a-f]+); \\}");
  ASSERT_GE(fills.size(), 10U);
  for (const auto& [name, colour] : fills) EXPECT_GE(contrast(colour, "#000"), 4.5) << name;
}

/// More heat stands out more from the paper.
TEST(PageStyle, HeatGrowsAwayFromThePaper) {
  const std::vector<Colours> heat = modes(page_style());
  const std::vector<Colours> papers = modes(drawing_style());
  for (std::size_t mode = 0; mode < 2; ++mode) {
    double last = 1;
    for (int level = 1; level <= 8; ++level) {
      const double now = contrast(heat[mode].at("h" + std::to_string(level)), papers[mode].at("paper"));
      EXPECT_GT(now, last) << level;
      last = now;
    }
  }
}

}  // namespace
}  // namespace loopsim
