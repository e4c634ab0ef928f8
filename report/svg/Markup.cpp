#include "report/svg/Markup.hpp"

#include <cctype>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace loopsim {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// As JSON's writer replaces what is not UTF-8.
std::string as_utf8(std::string_view text) {
  using Json = nlohmann::json;
  const std::string quoted = Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string clean = is_plain(text) ? std::string(text) : as_utf8(text);
  std::string result;
  for (const char c : clean) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) {
          result += replacement;
        } else {
          result += c;
        }
    }
  }
  return result;
}

std::string length_text(double length) {
  std::string text = fmt::format("{:.2f}", length);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string data_address(std::string_view type, std::string_view text) {
  std::string result = fmt::format("data:{};charset=utf-8,", type);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 &&
        (std::isalnum(byte) != 0 || std::string_view("-_.~,:/()+;@").find(c) != std::string_view::npos)) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", byte);
    }
  }
  return result;
}

}  // namespace loopsim
