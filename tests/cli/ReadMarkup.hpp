#pragma once

#include <map>
#include <string>
#include <vector>

namespace loopsim {

/// An element of XML.
struct MarkupElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< of its own, entities resolved
  std::vector<MarkupElement> children;
};

/// The document's root. Strict: throws std::runtime_error where the text is not well-formed.
MarkupElement read_markup(const std::string& text);

/// The element and all below it, in the order of the document.
std::vector<const MarkupElement*> all_elements(const MarkupElement& root);

}  // namespace loopsim
