#include "report/svg/SvgDrawing.hpp"

#include <fmt/format.h>

#include "base/CellText.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

constexpr double character_width = 7.3;

/// Ends an element that was opened up to its attributes.
std::string ended(std::string_view element, std::string_view title) {
  if (title.empty()) return "/>\n";
  return fmt::format("><title>{}</title></{}>\n", escaped(title), element);
}

}  // namespace

void add_box(SvgDrawing& drawing, const SvgBox& box, std::string_view style, std::string_view title) {
  drawing.body += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"", length_text(box.x),
                              length_text(box.y), length_text(box.width), length_text(box.height), style) +
                  ended("rect", title);
}

void add_line(SvgDrawing& drawing, SvgPoint from, SvgPoint to, std::string_view style) {
  drawing.body += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", length_text(from.x),
                              length_text(from.y), length_text(to.x), length_text(to.y), style);
}

void add_path(SvgDrawing& drawing, std::string_view path, std::string_view style, std::string_view title) {
  drawing.body += fmt::format("<path d=\"{}\" class=\"{}\"", path, style) + ended("path", title);
}

void add_circle(SvgDrawing& drawing, SvgPoint centre, double radius, std::string_view style, std::string_view title) {
  drawing.body += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"", length_text(centre.x),
                              length_text(centre.y), length_text(radius), style) +
                  ended("circle", title);
}

void add_text(SvgDrawing& drawing, SvgPoint where, std::string_view text, std::string_view style) {
  drawing.body += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>\n", length_text(where.x),
                              length_text(where.y), style, escaped(text));
}

double text_length(std::string_view text) {
  return character_width * static_cast<double>(text_width(text));
}

std::string svg_markup(const SvgDrawing& drawing, std::string_view id, std::string_view title,
                       std::string_view description) {
  const std::string width = length_text(drawing.width);
  const std::string height = length_text(drawing.height);
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
             "role=\"img\" aria-labelledby=\"{2}-title {2}-text\">\n<title id=\"{2}-title\">{3}</title>\n"
             "<desc id=\"{2}-text\">{4}</desc>\n",
             width, height, id, escaped(title), escaped(description)) +
         drawing.body + "</svg>";
}

}  // namespace loopsim
