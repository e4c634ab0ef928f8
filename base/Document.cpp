#include "base/Document.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace loopsim {

namespace {

// Deeper documents are no mappings; the limit keeps recursion over nodes safe, aliases included.
constexpr int deepest_nesting = 200;
constexpr std::size_t largest_document = 64u << 20;

/// Stops the parser once a document cannot be used.
struct ParsingStopped {};

class DocumentBuilder : public YAML::EventHandler {
 public:
  DocumentBuilder(std::shared_ptr<const SourceText> source, Diagnostics& diagnostics)
      : source_(std::move(source)), diagnostics_(diagnostics) {}

  DocumentNodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(start(DocumentNode::Kind::null, mark, ""), anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      diagnostics_.error(position(mark), "an alias within the very node it refers to");
      throw ParsingStopped();
    }
    add(found->second.node, position(mark), found->second.depth);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = start(DocumentNode::Kind::scalar, mark, tag);
    node->text = value;
    node->quoted = tag == "!";
    finish(std::move(node), anchor, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({start(DocumentNode::Kind::sequence, mark, tag), anchor, {}, {}, 0, {}});
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back({start(DocumentNode::Kind::map, mark, tag), anchor, {}, {}, 0, {}});
  }

  void OnSequenceEnd() override { close(); }

  void OnMapEnd() override {
    resolve_merges(open_.back());
    close();
  }

 private:
  struct OpenNode {
    std::shared_ptr<DocumentNode> node;
    YAML::anchor_t anchor = 0;
    std::optional<std::pair<std::string, SourcePosition>> key;  ///< waits for its value
    std::vector<DocumentEntry> merges;
    int depth = 0;                                           ///< of the deepest child
    std::unordered_map<std::string, std::size_t> positions;  ///< of the keys in DocumentNode::entries
  };
  struct AnchoredNode {
    DocumentNodePtr node;
    int depth = 0;
  };

  SourcePosition position(const YAML::Mark& mark) const { return {source_, mark.line + 1, mark.column + 1}; }

  std::shared_ptr<DocumentNode> start(DocumentNode::Kind kind, const YAML::Mark& mark, const std::string& tag) const {
    auto node = std::make_shared<DocumentNode>();
    node->kind = kind;
    node->where = position(mark);
    if (tag != "?" && tag != "!") node->tag = tag;
    return node;
  }

  void finish(std::shared_ptr<DocumentNode> node, YAML::anchor_t anchor, int depth) {
    if (depth > deepest_nesting) {
      diagnostics_.error(node->where, fmt::format("nested more than {} deep", deepest_nesting));
      throw ParsingStopped();
    }
    if (anchor != 0) anchors_[anchor] = {node, depth};
    const SourcePosition where = node->where;
    add(std::move(node), where, depth);
  }

  void close() {
    OpenNode done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor, done.depth + 1);
  }

  void add(DocumentNodePtr node, const SourcePosition& where, int depth) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    parent.depth = std::max(parent.depth, depth);
    if (parent.node->is_sequence()) {
      parent.node->items.push_back(std::move(node));
    } else if (!parent.key) {
      if (!node->is_scalar()) {
        diagnostics_.error(where, fmt::format("a key must be a word, not {}", describe(*node)));
        throw ParsingStopped();
      }
      parent.key.emplace(node->text, where);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(OpenNode& parent, DocumentNodePtr value) {
    DocumentEntry entry{std::move(parent.key->first), std::move(parent.key->second), std::move(value)};
    parent.key.reset();
    if (entry.key == "<<") {
      parent.merges.push_back(std::move(entry));
      return;
    }
    const auto [found, is_new] = parent.positions.emplace(entry.key, parent.node->entries.size());
    if (is_new) {
      parent.node->entries.push_back(std::move(entry));
      return;
    }
    const SourcePosition& first = parent.node->entries[found->second].key_where;
    diagnostics_.error(entry.key_where,
                       fmt::format("key '{}' is given twice; first at {}", entry.key, describe(first)));
  }

  void resolve_merges(OpenNode& open) {
    for (const DocumentEntry& merge : open.merges) {
      std::vector<DocumentNodePtr> sources = {merge.value};
      if (merge.value->is_sequence()) sources = merge.value->items;
      for (const DocumentNodePtr& source : sources) {
        if (!source->is_map()) {
          diagnostics_.error(merge.key_where, fmt::format("'<<' merges maps; expected a map or a list of maps, got {}",
                                                          describe(*source)));
          continue;
        }
        for (const DocumentEntry& entry : source->entries) {
          if (open.positions.emplace(entry.key, open.node->entries.size()).second) open.node->entries.push_back(entry);
        }
      }
    }
  }

  std::shared_ptr<const SourceText> source_;
  Diagnostics& diagnostics_;
  DocumentNodePtr root_;
  std::vector<OpenNode> open_;
  std::map<YAML::anchor_t, AnchoredNode> anchors_;
};

struct TextPlace {
  int line = 1;
  int column = 1;
};

TextPlace place_of(std::string_view text, std::size_t offset) {
  TextPlace place;
  for (std::size_t i = 0; i < offset; ++i) {
    ++place.column;
    if (text[i] == '\n') place = {place.line + 1, 1};
  }
  return place;
}

/// Offset of the first byte that cannot be part of a text in UTF-8, if any.
std::optional<std::size_t> find_binary(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    std::size_t length = 1;
    if (byte >= 0xF0 && byte <= 0xF4)
      length = 4;
    else if (byte >= 0xE0 && byte < 0xF0)
      length = 3;
    else if (byte >= 0xC2 && byte < 0xE0)
      length = 2;
    else if (byte >= 0x80 || byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'))
      return i;
    if (i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return i;
    }
    i += length;
  }
  return std::nullopt;
}

/// Offset of the first Jinja expression or statement outside comments, if any.
std::optional<std::size_t> find_jinja(std::string_view text) {
  bool in_comment = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\n') in_comment = false;
    if (text[i] == '#' && (i == 0 || std::isspace(static_cast<unsigned char>(text[i - 1])) != 0)) in_comment = true;
    if (!in_comment && text[i] == '{' && (text[i + 1] == '{' || text[i + 1] == '%')) return i;
  }
  return std::nullopt;
}

std::string explain_parser_error(const YAML::Exception& error, const SourceText& source) {
  const std::string_view line = source_line(source, error.mark.line + 1);
  const std::size_t indentation = line.find_first_not_of(' ');
  if (indentation != std::string_view::npos && line[indentation] == '\t') {
    return "a tab in the indentation; YAML allows only spaces there";
  }
  // What the parser says in its own terms, and what people do.
  struct Reason {
    std::string_view message;
    std::string_view likely;
  };
  static constexpr Reason reasons[] = {
      {"illegal flow end", "a ']' or '}' closes what is not open; is the bracket before it missing?"},
      {"end of sequence not found",
       "is this line indented like the items of the list above it, which begin with '-'? A list in a list, such as a "
       "branch, begins with '- -'"},
      {"end of sequence flow not found", "a '[' is not closed; is a ']' or a comma missing?"},
      {"end of map not found", "is this line indented like the keys above it, and has it a colon and a blank?"},
      {"end of map flow not found", "a '{' is not closed; is a '}' or a comma missing?"},
      {"illegal map value", "a ':' where no key can end; is a quote, a comma or a line break missing before it?"},
      {"illegal block entry", "a '-' where no list can begin; is it indented too far?"},
      {"end of quoted string", "a quote is not closed"},
      {"illegal EOF in scalar", "a quote is not closed"}};
  const bool at_end = static_cast<std::size_t>(std::max(error.mark.pos, 0)) + 1 >= source.text.size();
  if (at_end && error.msg.find("not found") != std::string::npos) {
    return fmt::format("not valid YAML: {} (is the file cut off?)", error.msg);
  }
  for (const Reason& reason : reasons) {
    if (error.msg.find(reason.message) != std::string::npos) {
      return fmt::format("not valid YAML ({}): {}", error.msg, reason.likely);
    }
  }
  return fmt::format("not valid YAML: {}", error.msg);
}

}  // namespace

DocumentNodePtr parse_document(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics) {
  const std::string_view text = source->text;
  const SourcePosition whole{source, 0, 0};
  if (text.size() > largest_document) {
    diagnostics.error(whole, fmt::format("the file has more than {} MiB", largest_document >> 20));
    return nullptr;
  }
  if (const auto offset = find_binary(text)) {
    diagnostics.error(whole, fmt::format("not a text in UTF-8: byte {} is {:#04x}", *offset,
                                         static_cast<unsigned>(static_cast<unsigned char>(text[*offset]))));
    return nullptr;
  }
  if (const auto offset = find_jinja(text)) {
    const TextPlace place = place_of(text, *offset);
    diagnostics.error({source, place.line, place.column},
                      "this is a Jinja template; expand it first, Loopsim reads plain YAML");
    return nullptr;
  }
  DocumentBuilder builder(source, diagnostics);
  try {
    std::istringstream stream(source->text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder) || !builder.root() || builder.root()->is_null()) {
      diagnostics.error(whole, "the file is empty");
      return nullptr;
    }
    DocumentNodePtr root = builder.root();
    DocumentBuilder second(source, diagnostics);
    if (parser.HandleNextDocument(second) && second.root() && !second.root()->is_null()) {
      diagnostics.error(second.root()->where, "a second document begins here; give one document a file");
      return nullptr;
    }
    return root;
  } catch (const ParsingStopped&) {
    return nullptr;
  } catch (const YAML::DeepRecursion& error) {
    diagnostics.error({source, error.mark.line + 1, error.mark.column + 1},
                      fmt::format("nested more than {} deep", deepest_nesting));
    return nullptr;
  } catch (const YAML::Exception& error) {
    const SourcePosition where =
        error.mark.is_null() ? whole : SourcePosition{source, error.mark.line + 1, error.mark.column + 1};
    diagnostics.error(where,
                      error.mark.is_null() ? "not valid YAML: " + error.msg : explain_parser_error(error, *source));
    return nullptr;
  }
}

std::string describe(const DocumentNode& node) {
  switch (node.kind) {
    case DocumentNode::Kind::null:
      return "nothing";
    case DocumentNode::Kind::sequence:
      return "a list";
    case DocumentNode::Kind::map:
      return "a map";
    case DocumentNode::Kind::scalar:
      break;
  }
  constexpr std::size_t longest = 60;
  if (node.text.size() <= longest) return fmt::format("'{}'", node.text);
  return fmt::format("'{}…'", node.text.substr(0, longest));
}

SourcePosition position_within(const DocumentNode& scalar, std::size_t offset) {
  SourcePosition where = scalar.where;
  if (!where.source || where.line < 1) return where;
  const std::string_view line = source_line(*where.source, where.line);
  const auto begin = static_cast<std::size_t>(std::max(where.column, 1)) - 1;
  // Folded and escaped texts differ from the line; then the beginning must do.
  const std::size_t found = begin <= line.size() ? line.find(scalar.text, begin) : std::string_view::npos;
  if (found == std::string_view::npos) return where;
  where.column = static_cast<int>(found + offset) + 1;
  return where;
}

bool same_key(std::string_view a, std::string_view b) {
  const auto plain = [](char c) { return c == '-' ? '_' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return plain(x) == plain(y); });
}

DocumentNodePtr find_key(const DocumentNode& map, std::string_view key) {
  for (const DocumentEntry& entry : map.entries) {
    if (same_key(entry.key, key)) return entry.value;
  }
  return nullptr;
}

}  // namespace loopsim
