#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopsim {

/// Text of one input with the name it is reported under.
struct SourceText {
  std::string name;  ///< path as the user gave it, or "preset:NAME"
  std::string text;
  bool is_argument = false;  ///< of the command line: the name says it all, its places are not shown
};

/// A place in an input. `line` and `column` count from 1; line 0 means "the file as a whole".
struct SourcePosition {
  std::shared_ptr<const SourceText> source;
  int line = 0;
  int column = 0;
};

enum class Severity { note, warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  SourcePosition where;
  std::string message;  ///< what is wrong and what was expected
};

/// Collects what is wrong with the inputs, so that all errors are reported at once.
class Diagnostics {
 public:
  void error(SourcePosition where, std::string message);
  void warning(SourcePosition where, std::string message);
  void note(SourcePosition where, std::string message);
  void append(const Diagnostics& more);

  bool has_errors() const { return errors_ > 0; }
  const std::vector<Diagnostic>& all() const { return items_; }

 private:
  std::vector<Diagnostic> items_;
  int errors_ = 0;
};

/// Line `line` (from 1) of a source without its end of line; empty if there is none.
std::string_view source_line(const SourceText& source, int line);

/// "file:line:col", or what of it is known.
std::string describe(const SourcePosition& where);

/// "file:line:col: error: message", the line, and a caret under the column. An argument has no lines.
std::string render(const Diagnostic& diagnostic, bool colour = false);

/// All of them up to `limit` (notes go with what they belong to), then how many more there are.
std::string render_all(const std::vector<Diagnostic>& diagnostics, bool colour = false, std::size_t limit = 50);

/// The candidate most like `word`, if any is near enough to be a likely misspelling, else one that begins with it.
std::optional<std::string> nearest_spelling(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean 'X'?" or, where nothing is near, a short list of what there is. May be empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// Thrown once all diagnostics of an input have been collected and at least one is an error.
struct InputError : std::exception {
  explicit InputError(Diagnostics d);
  /// All of them, as render_all() writes them.
  const char* what() const noexcept override { return text_.c_str(); }
  Diagnostics diagnostics;

 private:
  std::string text_;
};

/// An input cannot be opened. Like bad input, but with an exit code of its own.
struct MissingInputError : InputError {
  using InputError::InputError;
};

}  // namespace loopsim
