#include "tests/cli/ReadMarkup.hpp"

#include <cctype>
#include <stdexcept>

namespace loopsim {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  MarkupElement document() {
    blanks();
    if (take("<?xml")) skip_past("?>");
    blanks();
    if (take("<!DOCTYPE html>")) blanks();
    MarkupElement root = element();
    blanks();
    if (at_ != text_.size()) fail("something follows the root");
    return root;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at '" + text_.substr(at_, 60) + "'");
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(const std::string& word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  void expect(const std::string& word) {
    if (!take(word)) fail("expected '" + word + "'");
  }
  void blanks() {
    while (std::isspace(static_cast<unsigned char>(peek())) != 0) ++at_;
  }
  void skip_past(const std::string& word) {
    const std::size_t found = text_.find(word, at_);
    if (found == std::string::npos) fail("expected '" + word + "'");
    at_ = found + word.size();
  }
  std::string name() {
    std::string result;
    while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '-' || peek() == ':') {
      result += text_[at_++];
    }
    if (result.empty()) fail("expected a name");
    return result;
  }
  std::string character() {
    const auto byte = static_cast<unsigned char>(peek());
    if (byte < 0x20 && byte != '\n' && byte != '\t') fail("a control character");
    if (peek() == '<') fail("a bare <");
    if (peek() == '&') {
      for (const auto& [entity, meaning] : {std::pair{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}}) {
        if (take(entity)) return meaning;
      }
      fail("an unknown entity");
    }
    return {text_[at_++]};
  }

  MarkupElement element() {
    MarkupElement result;
    expect("<");
    result.name = name();
    for (blanks(); peek() != '>' && peek() != '/'; blanks()) {
      const std::string key = name();
      expect("=\"");
      std::string value;
      while (peek() != '"') value += character();
      expect("\"");
      if (!result.attributes.emplace(key, value).second) fail("a second attribute " + key);
    }
    if (take("/>")) return result;
    expect(">");
    while (text_.compare(at_, 2, "</") != 0) {
      if (at_ >= text_.size()) fail("the text ends within " + result.name);
      if (peek() == '<') {
        result.children.push_back(element());
      } else {
        result.text += character();
      }
    }
    expect("</" + result.name + ">");
    return result;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

void append_all(const MarkupElement& element, std::vector<const MarkupElement*>& all) {
  all.push_back(&element);
  for (const MarkupElement& child : element.children) append_all(child, all);
}

}  // namespace

MarkupElement read_markup(const std::string& text) {
  return Reader(text).document();
}

std::vector<const MarkupElement*> all_elements(const MarkupElement& root) {
  std::vector<const MarkupElement*> all;
  append_all(root, all);
  return all;
}

}  // namespace loopsim
