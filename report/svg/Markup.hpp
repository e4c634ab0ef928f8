#pragma once

#include <string>
#include <string_view>

namespace loopsim {

/// Text for elements and quoted attributes of XML and HTML. What XML has no place for (control characters, bytes that
/// are not UTF-8) becomes U+FFFD.
std::string escaped(std::string_view text);

/// A length in a drawing: two decimals at most, none that are not needed.
std::string length_text(double length);

/// A text as an address of its own: "data:TYPE;charset=utf-8,…".
std::string data_address(std::string_view type, std::string_view text);

}  // namespace loopsim
