#include "report/page/Figure.hpp"

#include <fmt/format.h>

#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

/// The page stays small: the CSV has all rows.
constexpr std::size_t most_rows_shown = 100;

}  // namespace

std::string figure_markup(const Figure& figure) {
  return fmt::format(
      "<figure id=\"{0}\">\n<div "
      "class=\"drawing\">{1}</div>\n<figcaption>{2}</figcaption>\n<details><summary>Data</summary>\n"
      "<p><a download=\"{0}.csv\" href=\"{3}\">{0}.csv</a></p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{5}\">{4}</div></details>\n</figure>\n",
      figure.id, svg_markup(figure.drawing, figure.id, figure.title, figure.description), escaped(figure.description),
      escaped(data_address("text/csv", csv_text(figure.data))),
      table_markup(figure.data, figure.title, most_rows_shown), escaped("Data of: " + figure.title));
}

}  // namespace loopsim
