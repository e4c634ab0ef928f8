#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/Diagnostics.hpp"
#include "sim/dram/DramGeometry.hpp"

namespace loopsim {

/// Where a burst lies.
struct DramLocation {
  std::uint32_t channel = 0;
  DramBankId bank;  ///< of the channel
  std::uint32_t row = 0;
  std::uint32_t column = 0;  ///< burst of the row
};

/// Takes byte addresses apart. A mapping names the fields `channel`, `rank`, `bankgroup`, `bank`, `row`, `column`, most
/// significant first, as in `row:bank:bankgroup:column`; the bytes of a burst are below all of them, fields that have
/// one value may be left out, and so may `rank` and `channel`, which then go on top (channel above rank). Addresses
/// beyond the capacity wrap around.
class DramAddressMap {
 public:
  /// Throws InputError, with its place in the text, if the mapping is no order of these fields, or InputError if a
  /// number is no power of two.
  DramAddressMap(const std::string& mapping, const DramOrganisation& organisation, std::int64_t ranks,
                 std::int64_t channels);

  DramLocation locate(std::uint64_t address) const {
    DramLocation location;
    location.channel = field(address, Field::channel);
    location.bank = DramBankId((field(address, Field::rank) << group_bank_bits_) |
                               (field(address, Field::bank_group) << bank_bits_) | field(address, Field::bank));
    location.row = field(address, Field::row);
    location.column = field(address, Field::column);
    return location;
  }
  /// The channel alone.
  std::uint32_t channel_of(std::uint64_t address) const { return field(address, Field::channel); }
  std::uint64_t capacity_bytes() const { return std::uint64_t(1) << capacity_bits_; }

 private:
  enum class Field : std::size_t { channel, rank, bank_group, bank, row, column };
  static constexpr std::size_t field_count = 6;
  struct Bits {
    int shift = 0;
    std::uint64_t mask = 0;
  };

  std::uint32_t field(std::uint64_t address, Field f) const {
    const Bits& bits = bits_[static_cast<std::size_t>(f)];
    return static_cast<std::uint32_t>(address >> bits.shift & bits.mask);
  }

  std::array<Bits, field_count> bits_;
  int bank_bits_ = 0;
  int group_bank_bits_ = 0;
  int capacity_bits_ = 0;
};

}  // namespace loopsim
