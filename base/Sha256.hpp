#pragma once

#include <string>
#include <string_view>

namespace loopsim {

/// SHA-256 (FIPS 180-4) of a text, in lower-case hexadecimal. Tells inputs apart; nothing here depends on secrecy.
std::string sha256(std::string_view text);

}  // namespace loopsim
