#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/CheckedMath.hpp"
#include "inputs/settings/KeyRows.hpp"
#include "mapping/ReachCheck.hpp"

namespace loopsim {

using namespace key_rows;

namespace {

void apply_shape(Target& to, const Setting& value) {
  Tensor& tensor = *to.tensor;
  std::vector<Coordinate> shape;
  for (const IntegerOrInfinity& extent : value.list()) shape.push_back(*extent);
  if (shape.size() != tensor.dimensions.size()) {
    to.diagnostics.error(value.where,
                         fmt::format("tensor '{}' has {} dimensions ({}), its shape {}", tensor.name,
                                     tensor.dimensions.size(), fmt::join(tensor.dimensions, ", "), shape.size()));
    return;
  }
  try {
    std::int64_t words = 1;
    for (const Coordinate extent : shape) words = checked_multiply(words, extent);
  } catch (const OverflowError&) {
    to.diagnostics.error(value.where, fmt::format("tensor '{}' has more than 2^63 - 1 words", tensor.name));
    return;
  }
  tensor.shape = std::move(shape);
  const auto index = static_cast<std::size_t>(&tensor - &*to.graph->tensors.begin());
  check_shape(*to.graph, TensorId(index), value.where, to.diagnostics);
}

Written written_shape(const Source& from) {
  if (!from.tensor->shape) return std::nullopt;
  std::vector<std::string> extents;
  for (const Coordinate extent : *from.tensor->shape) extents.push_back(whole(extent));
  return extents;
}

void apply_layout(Target& to, const Setting& value) {
  to.tensor->layout = value.word();
  to.tensor->layout_where = value.where;
}

}  // namespace

std::vector<SimulationKey> tensor_keys() {
  // A table reads best as one.
  // clang-format off
  return {
      {"tensors.NAME.shape", Type::integer_list, "words", "from the projections",
       "extents of a tensor, from 0; one shape anywhere means zero padding everywhere", 1, no_limit, {},
       apply_shape,
       written_shape},
      {"tensors.NAME.bits", Type::integer, "bits", "datawidth of each level",
       "bits of one word of a tensor", 1, most_word_bits, {},
       [](Target& to, const Setting& value) { to.tensor->bits = value.integer(); },
       [](const Source& from) -> Written { return whole(from.tensor->bits); }},
      {"tensors.NAME.fill_after_copies", Type::boolean, "", "false",
       "a fill from main memory, and those behind it, wait while there is a transfer within the level it goes to", 0, no_limit, {},
       [](Target& to, const Setting& value) { to.tensor->fill_after_copies = value.boolean(); },
       [](const Source& from) -> Written { return from.tensor->fill_after_copies ? Written(yes_or_no(true)) : std::nullopt; }},
      {"tensors.NAME.layout", Type::text, "a layout", "row-major, the last dimension in the line",
       "order of a tensor's lines in the banks of level 1 and what a line holds: `HWC_C32`, `HWC_C4W8`, `HWC_C`, `H, W, C / C:32`", 0, no_limit, {},
       apply_layout,
       [](const Source& from) -> Written { return from.tensor->layout.empty() ? std::nullopt : Written(from.tensor->layout); }},
      {"tensors.NAME.first_bank", Type::integer, "", "tensors take banks in turn",
       "bank of a tensor's line 0, modulo the number of banks", 0, most_tiles, {},
       [](Target& to, const Setting& value) { to.tensor->first_bank = value.integer(); },
       [](const Source& from) -> Written { return whole(from.tensor->first_bank); }},
  };
  // clang-format on
}

}  // namespace loopsim
