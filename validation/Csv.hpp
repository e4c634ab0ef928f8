#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// A table of integers with a line of column names, separated by commas.
struct Csv {
  std::vector<std::string> columns;
  std::vector<std::map<std::string, std::int64_t>> rows;
  std::vector<SourcePosition> where;  ///< of each row
};

/// Empty lines do not count. Throws InputError with all errors.
Csv parse_csv(const std::shared_ptr<const SourceText>& source);

}  // namespace loopsim
