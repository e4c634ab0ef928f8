#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/Diagnostics.hpp"

namespace loopsim {

struct DocumentNode;
/// Nodes are shared: an alias is the node that its anchor names.
using DocumentNodePtr = std::shared_ptr<const DocumentNode>;

struct DocumentEntry {
  std::string key;
  SourcePosition key_where;
  DocumentNodePtr value;
};

/// A node of a YAML document with its place in the input. Merges (`<<:`) are already resolved.
struct DocumentNode {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string tag;                     ///< "!Component"; empty for untagged nodes
  std::string text;                    ///< of a scalar
  bool quoted = false;                 ///< a scalar in quotes, or a block scalar
  std::vector<DocumentNodePtr> items;  ///< of a sequence
  std::vector<DocumentEntry> entries;  ///< of a map, in the order of the input, keys unique
  SourcePosition where;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }
};

/// The document of one input; null once errors were reported. An empty input is an error.
DocumentNodePtr parse_document(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics);

/// "a map", "a list", "the text 'abc'", "nothing": for messages.
std::string describe(const DocumentNode& node);

/// Place of character `offset` of a scalar, as near as is known.
SourcePosition position_within(const DocumentNode& scalar, std::size_t offset);

/// Keys are equal but for hyphens and underscores.
bool same_key(std::string_view a, std::string_view b);

/// The value of `key` in a map, or null.
DocumentNodePtr find_key(const DocumentNode& map, std::string_view key);

}  // namespace loopsim
