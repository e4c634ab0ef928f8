#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arch/dram/DramPart.hpp"
#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// A part that ships inside the program.
struct DramPartText {
  std::string_view name;     ///< "ddr4-2400-17"
  std::string_view summary;  ///< the first line of the text, without the comment mark
  std::string_view text;     ///< YAML
};
/// By name.
const std::vector<DramPartText>& shipped_dram_parts();

/// A parameter of `timing:` that a part need not give: from another one, or a number.
struct DramTimingKey {
  std::string_view name;
  std::string_view fallback;  ///< a formula; empty: the part must give it
  std::string_view meaning;
};
const std::vector<DramTimingKey>& dram_timing_keys();

/// Reads a part from a document; all that is wrong goes to `diagnostics`.
DramPart read_dram_part(const DocumentNode& document, std::string name, Diagnostics& diagnostics);

/// A shipped part by name or, if the text has a `/` or ends in `.yaml`, a file. Throws InputError or MissingInputError.
DramPart load_dram_part(const std::string& name_or_path);

}  // namespace loopsim
