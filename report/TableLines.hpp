#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace loopsim {

/// No line of a table is longer.
constexpr std::size_t table_width = 100;

/// Collects the lines of a table.
class TableLines {
 public:
  static constexpr std::size_t label_width = 32;
  static constexpr std::size_t number_width = 18;

  /// The line is cut to the table's width and loses blanks at its end.
  void add(std::string_view line);
  void blank() { add(""); }
  void heading(std::string_view title);

  /// A label, one or two numbers, and a remark.
  void row(std::string_view label, std::string_view number, std::string_view remark);
  void row(std::string_view label, std::string_view estimate, std::string_view simulation, std::string_view remark);

  /// Says that `count` items were left out, if any.
  void left_out(std::size_t count, std::string_view what);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace loopsim
