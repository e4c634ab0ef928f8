#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loopsim {

struct SvgPoint {
  double x = 0;
  double y = 0;
};

struct SvgBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

/// A drawing that grows by what is added to it. Lengths are CSS pixels at its natural size; `style` is a class of the
/// style sheet, a `title` what a pointer that rests on the element shows.
struct SvgDrawing {
  double width = 0;
  double height = 0;
  std::string body;
};

void add_box(SvgDrawing& drawing, const SvgBox& box, std::string_view style, std::string_view title = {});
void add_line(SvgDrawing& drawing, SvgPoint from, SvgPoint to, std::string_view style);
/// `path`: the commands of the attribute `d`.
void add_path(SvgDrawing& drawing, std::string_view path, std::string_view style, std::string_view title = {});
void add_circle(SvgDrawing& drawing, SvgPoint centre, double radius, std::string_view style,
                std::string_view title = {});
/// Starts at the point; the classes `middle` and `end` align it otherwise.
void add_text(SvgDrawing& drawing, SvgPoint where, std::string_view text, std::string_view style);

/// Width that a text takes in the charts' font, roughly.
double text_length(std::string_view text);

/// The `svg` element; `id` is unique in the page. Readers of a screen get the title and the description.
std::string svg_markup(const SvgDrawing& drawing, std::string_view id, std::string_view title,
                       std::string_view description);

}  // namespace loopsim
