#pragma once

#include <memory>
#include <string>

#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

/// The document of a text, reported under the name "test.yaml".
inline DocumentNodePtr parse_text(const std::string& text, Diagnostics& diagnostics) {
  return parse_document(std::make_shared<SourceText>(SourceText{"test.yaml", text}), diagnostics);
}

/// All messages with their places, to look for what was reported.
inline std::string messages(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& item : diagnostics.all()) text += describe(item.where) + ": " + item.message + "\n";
  return text;
}

}  // namespace loopsim
