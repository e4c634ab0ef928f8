#include "sim/dram/DramAddressMap.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace loopsim {
namespace {

/// Nothing if the number is no power of two.
std::optional<int> bits_of(std::int64_t number) {
  if (number < 1 || (number & (number - 1)) != 0) return std::nullopt;
  int bits = 0;
  while ((number >> bits) > 1) ++bits;
  return bits;
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = {"channel", "rank", "bankgroup", "bank", "row", "column"};
  return names;
}

}  // namespace

DramAddressMap::DramAddressMap(const std::string& mapping, const DramOrganisation& organisation, std::int64_t ranks,
                               std::int64_t channels) {
  const auto source = std::make_shared<SourceText>(SourceText{"mapping", mapping});
  Diagnostics diagnostics;

  const std::array<std::int64_t, field_count> sizes = {
      channels, ranks, organisation.bank_groups, organisation.banks, organisation.rows, organisation.bursts_in_row()};
  std::array<int, field_count> widths = {};
  for (std::size_t f = 0; f < field_count; ++f) {
    const auto bits = bits_of(sizes[f]);
    if (!bits) {
      diagnostics.error({}, fmt::format("the number of values of '{}' must be a power of two to be a field of an "
                                        "address, but is {}",
                                        field_names()[f], sizes[f]));
    }
    widths[f] = bits.value_or(0);
  }
  const auto burst_bits = bits_of(organisation.burst_bytes());
  if (!burst_bits) {
    diagnostics.error({},
                      fmt::format("a burst must be a power of two of bytes, but is {}", organisation.burst_bytes()));
  }

  std::vector<std::size_t> order;  // most significant first
  std::array<bool, field_count> named = {};
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(mapping.find(':', begin), mapping.size());
    const std::string word = mapping.substr(begin, end - begin);
    const SourcePosition where{source, 1, static_cast<int>(begin) + 1};
    const auto found = std::find(field_names().begin(), field_names().end(), word);
    const auto f = static_cast<std::size_t>(found - field_names().begin());
    if (found == field_names().end()) {
      const std::string what = word.empty() ? "expected a field" : fmt::format("there is no field '{}'", word);
      diagnostics.error(where, what + did_you_mean(word, field_names()));
    } else if (named[f]) {
      diagnostics.error(where, fmt::format("'{}' stands twice", word));
    } else {
      named[f] = true;
      order.push_back(f);
    }
    if (end == mapping.size()) break;
    begin = end + 1;
  }
  for (const Field unnamed : {Field::rank, Field::channel}) {
    const auto f = static_cast<std::size_t>(unnamed);
    if (!named[f]) order.insert(order.begin(), f);
    named[f] = true;
  }
  for (std::size_t f = 0; f < field_count; ++f) {
    if (named[f] || sizes[f] == 1) continue;
    diagnostics.error({source, 1, 1}, fmt::format("'{}' is missing; it has {} values", field_names()[f], sizes[f]));
  }
  if (diagnostics.has_errors()) throw InputError(diagnostics);

  int shift = *burst_bits;
  for (auto f = order.rbegin(); f != order.rend(); ++f) {
    bits_[*f] = {shift, (std::uint64_t(1) << widths[*f]) - 1};
    shift += widths[*f];
  }
  capacity_bits_ = shift;
  bank_bits_ = widths[static_cast<std::size_t>(Field::bank)];
  group_bank_bits_ = bank_bits_ + widths[static_cast<std::size_t>(Field::bank_group)];
  if (capacity_bits_ > 63) {
    diagnostics.error({}, fmt::format("the memory needs addresses of {} bits; 63 are possible", capacity_bits_));
    throw InputError(diagnostics);
  }
}

}  // namespace loopsim
