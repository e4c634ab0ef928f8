#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/cli/ReadMarkup.hpp"

namespace loopsim {

using Rows = std::vector<std::vector<std::string>>;

/// A box with what a pointer that rests on it shows.
struct ReadBox {
  double x = 0;
  double width = 0;
  std::string title;
};

struct ReadFigure {
  Rows rows;  ///< of the CSV, without the column names
  std::vector<ReadBox> boxes;
};

struct ReadPage {
  std::string text;
  MarkupElement root;
  std::map<std::string, ReadFigure> figures;  ///< by id
};

/// A page of `loopsim report`.
ReadPage read_page(const std::string& path);

}  // namespace loopsim
