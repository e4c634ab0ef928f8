#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// How a tensor's words lie in the lines of a buffer, in the notation of FEATHER (Tong et al., ISCA 2024): `HWC_C4W8`
/// says that lines go along C fastest, then W, then H, and that a line holds 4 channels of 8 columns, columns fastest.
struct DataLayout {
  /// Words of one dimension in a line; nothing = as many as the line has room for.
  struct InLine {
    std::size_t dimension = 0;
    std::optional<std::int64_t> words;
  };
  std::vector<std::size_t> order;  ///< of the lines: every dimension of the tensor once, slowest first
  std::vector<InLine> in_line;     ///< slowest first; the other dimensions have one coordinate in a line
};

/// The layout without a setting: dimensions as the tensor has them, the last one in the line.
DataLayout row_major(std::size_t dimensions);

/// Reads `ORDER_INLINE`, one letter a dimension (`HWC_C32`), or, with names, `H, W, C / C:32`.
/// A letter means the dimension whose name, after the last '_' and without digits at its end, is that letter; else the
/// one whose name starts with it. Case does not matter. Dimensions that the order leaves out go outermost, in the
/// tensor's order. A count left out means as many words as the line has room for.
/// Nothing if there is an error, which goes to `diagnostics`.
std::optional<DataLayout> parse_layout(const std::string& text, const std::string& tensor,
                                       const std::vector<std::string>& dimensions, const SourcePosition& where,
                                       Diagnostics& diagnostics);

}  // namespace loopsim
