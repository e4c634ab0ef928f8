#include "inputs/MergedDocument.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <memory>

namespace loopsim {

namespace {

bool merges_leaf_by_leaf(std::string_view top_level_key) {
  return top_level_key == "simulation" || top_level_key == "bindings";
}

DocumentEntry* find_entry(DocumentNode& map, std::string_view key) {
  for (DocumentEntry& entry : map.entries) {
    if (same_key(entry.key, key)) return &entry;
  }
  return nullptr;
}

DocumentNodePtr join(const DocumentEntry& first, const DocumentEntry& second, const std::string& path,
                     Diagnostics& diagnostics) {
  if (!first.value->is_map() || !second.value->is_map()) {
    diagnostics.error(second.key_where,
                      fmt::format("'{}' is given twice; also at {}", path, describe(first.key_where)));
    return first.value;
  }
  auto joined = std::make_shared<DocumentNode>(*first.value);
  for (const DocumentEntry& entry : second.value->entries) {
    if (DocumentEntry* known = find_entry(*joined, entry.key)) {
      known->value = join(*known, entry, path + "." + entry.key, diagnostics);
    } else {
      joined->entries.push_back(entry);
    }
  }
  return joined;
}

std::string name_of(const DocumentNode& item) {
  if (!item.is_map()) return "";
  if (const auto name = find_key(item, "name"); name && name->is_scalar()) return name->text;
  const auto shape = find_key(item, "shape");
  return shape ? name_of(*shape) : "";
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', begin)) {
    parts.push_back(path.substr(begin, dot - begin));
    begin = dot + 1;
  }
  parts.push_back(path.substr(begin));
  return parts;
}

class Override {
 public:
  Override(std::vector<std::string> path, DocumentNodePtr value, SourcePosition where, Diagnostics& diagnostics)
      : path_(std::move(path)), value_(std::move(value)), where_(std::move(where)), diagnostics_(diagnostics) {}

  /// The node with the rest of the path (from `depth` on) replaced; null after an error.
  DocumentNodePtr replaced(const DocumentNodePtr& node, std::size_t depth) {
    if (depth == path_.size()) return value_;
    if (!node || node->is_null() || node->is_map()) return replaced_in_map(node, depth);
    if (node->is_sequence()) return replaced_in_list(node, depth);
    diagnostics_.error(
        where_, fmt::format("'{}' is {}; it has nothing named '{}'", path_until(depth), describe(*node), path_[depth]));
    return nullptr;
  }

 private:
  std::string path_until(std::size_t depth) const {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += (i == 0 ? "" : ".") + path_[i];
    return text.empty() ? "the document" : text;
  }

  DocumentNodePtr replaced_in_map(const DocumentNodePtr& node, std::size_t depth) {
    auto copy = node && node->is_map() ? std::make_shared<DocumentNode>(*node) : std::make_shared<DocumentNode>();
    if (!copy->is_map()) {
      copy->kind = DocumentNode::Kind::map;
      copy->where = where_;
    }
    DocumentEntry* entry = find_entry(*copy, path_[depth]);
    const DocumentNodePtr value = replaced(entry != nullptr ? entry->value : nullptr, depth + 1);
    if (!value) return nullptr;
    if (entry != nullptr) {
      entry->value = value;
    } else {
      copy->entries.push_back({path_[depth], where_, value});
    }
    return copy;
  }

  DocumentNodePtr replaced_in_list(const DocumentNodePtr& node, std::size_t depth) {
    std::vector<std::string> names;
    bool failed = false;
    if (const auto result = replaced_by_name(node, depth, names, failed); result || failed) return result;
    std::size_t index = 0;
    const std::string& word = path_[depth];
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), index);
    if (parsed.ec == std::errc() && parsed.ptr == word.data() + word.size() && index < node->items.size()) {
      auto copy = std::make_shared<DocumentNode>(*node);
      copy->items[index] = replaced(node->items[index], depth + 1);
      return copy->items[index] ? copy : nullptr;
    }
    diagnostics_.error(where_, fmt::format("'{}' has nothing named '{}'{}", path_until(depth), word,
                                           names.empty() ? positions_text(*node, word) : did_you_mean(word, names)));
    return nullptr;
  }

  /// Elements without a name go by position.
  static std::string positions_text(const DocumentNode& list, const std::string& word) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      for (const DocumentEntry& entry : list.items[i]->entries) {
        if (entry.value->text != word) continue;
        return fmt::format("; its elements go by position, '{}: {}' is in {}", entry.key, word, i);
      }
    }
    return list.items.empty() ? "" : fmt::format("; its elements go by position, 0 to {}", list.items.size() - 1);
  }

  /// Searches the list and the lists under `nodes` of its elements.
  DocumentNodePtr replaced_by_name(const DocumentNodePtr& list, std::size_t depth, std::vector<std::string>& names,
                                   bool& failed) {
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const DocumentNodePtr& item = list->items[i];
      const std::string name = name_of(*item);
      DocumentNodePtr changed;
      if (!name.empty()) names.push_back(name);
      if (!name.empty() && name == path_[depth]) {
        changed = replaced(item, depth + 1);
        failed = !changed;
      } else if (const auto inner = item->is_map() ? find_key(*item, "nodes") : nullptr;
                 inner && inner->is_sequence()) {
        if (const auto inner_changed = replaced_by_name(inner, depth, names, failed)) {
          auto copy = std::make_shared<DocumentNode>(*item);
          find_entry(*copy, "nodes")->value = inner_changed;
          changed = copy;
        }
      }
      if (failed) return nullptr;
      if (!changed) continue;
      auto copy = std::make_shared<DocumentNode>(*list);
      copy->items[i] = changed;
      return copy;
    }
    return nullptr;
  }

  std::vector<std::string> path_;
  DocumentNodePtr value_;
  SourcePosition where_;
  Diagnostics& diagnostics_;
};

}  // namespace

DocumentNodePtr merge_documents(const std::vector<DocumentNodePtr>& documents, Diagnostics& diagnostics) {
  auto merged = std::make_shared<DocumentNode>();
  merged->kind = DocumentNode::Kind::map;
  for (const DocumentNodePtr& document : documents) {
    if (!document->is_map()) {
      diagnostics.error(document->where, fmt::format("expected a map with keys such as 'problem' and 'mapping', got {}",
                                                     describe(*document)));
      continue;
    }
    // A second machine is one error; that its settings are there twice, too, goes without saying.
    Diagnostics of_second_machine;
    const bool second_machine = find_key(*document, "architecture") && find_key(*merged, "architecture");
    for (const DocumentEntry& entry : document->entries) {
      DocumentEntry* known = find_entry(*merged, entry.key);
      if (known == nullptr) {
        merged->entries.push_back(entry);
      } else if (merges_leaf_by_leaf(entry.key)) {
        known->value = join(*known, entry, entry.key, second_machine ? of_second_machine : diagnostics);
      } else if (entry.key != "meta") {
        diagnostics.error(entry.key_where, fmt::format("'{}' is given by two inputs; also at {}", entry.key,
                                                       describe(known->key_where)));
      }
    }
  }
  return merged;
}

bool check_override(const std::string& assignment, Diagnostics& diagnostics) {
  const std::size_t equals = assignment.find('=');
  if (equals != std::string::npos && equals > 0) return true;
  const auto source = std::make_shared<SourceText>(SourceText{"--set " + assignment, assignment, true});
  diagnostics.error(
      {source, 1, 1},
      fmt::format("expected PATH=VALUE in one word, such as {}=2",
                  equals == std::string::npos && !assignment.empty() ? assignment : "simulation.prefetch"));
  return false;
}

DocumentNodePtr apply_override(const DocumentNodePtr& document, const std::string& assignment,
                               Diagnostics& diagnostics) {
  const std::size_t equals = assignment.find('=');
  auto source = std::make_shared<SourceText>(SourceText{"--set " + assignment, assignment, true});
  const SourcePosition where{source, 1, 1};
  if (!check_override(assignment, diagnostics)) return document;
  std::vector<std::string> path = split_path(assignment.substr(0, equals));
  if (std::any_of(path.begin(), path.end(), [](const std::string& part) { return part.empty(); })) {
    diagnostics.error(where, "a part of the path is empty");
    return document;
  }
  if (assignment.find_first_not_of(" \t", equals + 1) == std::string::npos) {
    diagnostics.error(where, "no value after '='");
    return document;
  }
  // The value is parsed where it stands: behind blanks, which the text replaces afterwards for messages.
  source->text = std::string(equals + 1, ' ') + assignment.substr(equals + 1);
  Diagnostics of_value;
  const DocumentNodePtr value = parse_document(source, of_value);
  source->text = assignment;
  if (!value) {
    diagnostics.error({source, 1, static_cast<int>(equals) + 2},
                      fmt::format("no value: {}", of_value.all().front().message));
    return document;
  }
  const DocumentNodePtr changed = Override(std::move(path), value, where, diagnostics).replaced(document, 0);
  return changed ? changed : document;
}

}  // namespace loopsim
