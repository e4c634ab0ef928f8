#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/Document.hpp"

namespace loopsim {

/// Attributes of a component, those of the containers around it included.
class ComponentAttributes {
 public:
  /// Takes the place of one with the same name.
  void add(const DocumentEntry& entry);
  /// The first that has one of these names and is not null, else null.
  DocumentNodePtr find(std::initializer_list<std::string_view> spellings) const;

 private:
  std::vector<DocumentEntry> entries_;
};

/// Whether an attribute is read here, is one of those that Timeloop, Accelergy and their plug-ins know and that change
/// nothing here, or neither.
enum class AttributeUse { used, ignored, unknown };
AttributeUse use_of_attribute(std::string_view name);
/// Used and ignored ones, to find the nearest spelling.
std::vector<std::string> known_attributes();

}  // namespace loopsim
