#include "base/Diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace loopsim {

namespace {

constexpr std::size_t longest_excerpt = 150;

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

std::string_view severity_colour(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "\x1b[1;36m";
    case Severity::warning:
      return "\x1b[1;35m";
    case Severity::error:
      return "\x1b[1;31m";
  }
  return "";
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The line and a caret below it. Control characters are masked, so that an input cannot drive the terminal.
std::string excerpt(const SourcePosition& where, std::string_view colour, std::string_view reset) {
  std::string line(source_line(*where.source, where.line));
  if (line.empty()) return "";
  auto column = static_cast<std::size_t>(std::max(where.column, 1)) - 1;
  column = std::min(column, line.size());
  if (line.size() > longest_excerpt) {
    std::size_t begin = column > longest_excerpt / 2 ? column - longest_excerpt / 2 : 0;
    while (begin > 0 && continues_character(line[begin])) --begin;
    line = line.substr(begin, longest_excerpt);
    while (!line.empty() && continues_character(line.back())) line.pop_back();
    column = std::min(column - begin, line.size());
  }
  std::string pad;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\t' && (std::iscntrl(static_cast<unsigned char>(line[i])) != 0)) line[i] = '?';
    if (i < column && !continues_character(line[i])) pad += line[i] == '\t' ? '\t' : ' ';
  }
  return fmt::format("{:>5} | {}\n      | {}{}^{}\n", where.line, line, pad, colour, reset);
}

std::size_t spelling_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  // Optimal string alignment: insert, delete, replace, swap of neighbours.
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = d[i - 1][j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

/// "a.yaml:3:7", and without the name in the same file as `first`.
std::string place_beside(const SourcePosition& first, const SourcePosition& where) {
  if (first.source != where.source) return describe(where);
  return fmt::format("{}:{}", where.line, std::max(where.column, 1));
}

/// What is said in the same words at several places, such as a name that is misspelt throughout, is said at the first
/// of them, with a note of the others.
std::vector<Diagnostic> repeated_once(const std::vector<Diagnostic>& all) {
  constexpr std::size_t most_places = 5;
  std::map<std::pair<Severity, std::string>, std::vector<std::size_t>> by_message;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool has_note = i + 1 < all.size() && all[i + 1].severity == Severity::note;
    if (all[i].severity != Severity::note && all[i].where.line > 0 && !has_note) {
      by_message[{all[i].severity, all[i].message}].push_back(i);
    }
  }
  std::vector<std::string> notes(all.size());
  std::vector<bool> dropped(all.size(), false);
  for (const auto& [message, places] : by_message) {
    std::string& text = notes[places.front()];
    const SourcePosition& first = all[places.front()].where;
    std::set<std::string> others;
    for (std::size_t k = 1; k < places.size(); ++k) {
      dropped[places[k]] = true;
      const SourcePosition& where = all[places[k]].where;
      const bool is_new = describe(where) != describe(first) && others.insert(describe(where)).second;
      if (is_new && others.size() <= most_places) {
        text += (others.size() == 1 ? "the same at " : ", ") + place_beside(first, where);
      }
    }
    if (others.size() > most_places) text += fmt::format(" and {} more places", others.size() - most_places);
  }
  std::vector<Diagnostic> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (dropped[i]) continue;
    kept.push_back(all[i]);
    if (!notes[i].empty()) kept.push_back({Severity::note, {}, notes[i]});
  }
  return kept;
}

}  // namespace

void Diagnostics::error(SourcePosition where, std::string message) {
  ++errors_;
  items_.push_back({Severity::error, std::move(where), std::move(message)});
}

void Diagnostics::warning(SourcePosition where, std::string message) {
  items_.push_back({Severity::warning, std::move(where), std::move(message)});
}

void Diagnostics::note(SourcePosition where, std::string message) {
  items_.push_back({Severity::note, std::move(where), std::move(message)});
}

void Diagnostics::append(const Diagnostics& more) {
  items_.insert(items_.end(), more.items_.begin(), more.items_.end());
  errors_ += more.errors_;
}

std::string_view source_line(const SourceText& source, int line) {
  if (line < 1) return "";
  std::string_view rest = source.text;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return "";
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::string describe(const SourcePosition& where) {
  if (!where.source) return "";
  if (where.line < 1 || where.source->is_argument) return where.source->name;
  return fmt::format("{}:{}:{}", where.source->name, where.line, std::max(where.column, 1));
}

std::string render(const Diagnostic& diagnostic, bool colour) {
  const std::string_view mark = colour ? severity_colour(diagnostic.severity) : "";
  const std::string_view reset = colour ? "\x1b[0m" : "";
  const std::string_view bold = colour ? "\x1b[1m" : "";
  const std::string place = describe(diagnostic.where);
  std::string text = place.empty() ? "" : fmt::format("{}{}:{} ", bold, place, reset);
  text += fmt::format("{}{}:{} {}\n", mark, severity_word(diagnostic.severity), reset, diagnostic.message);
  const auto& source = diagnostic.where.source;
  if (source && !source->is_argument && diagnostic.where.line > 0) text += excerpt(diagnostic.where, mark, reset);
  return text;
}

std::string render_all(const std::vector<Diagnostic>& all, bool colour, std::size_t limit) {
  std::string text;
  std::size_t left_out = 0;
  std::size_t shown = 0;
  for (const Diagnostic& diagnostic : repeated_once(all)) {
    // A note belongs to what comes before it and does not count by itself.
    if (diagnostic.severity != Severity::note && shown++ >= limit) {
      ++left_out;
    } else if (left_out == 0) {
      text += render(diagnostic, colour);
    }
  }
  if (left_out > 0) text += fmt::format("and {} more\n", left_out);
  return text;
}

std::optional<std::string> nearest_spelling(std::string_view word, const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(word.size(), 12) / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == word || candidate.size() > word.size() + best_distance) continue;
    const std::size_t distance = spelling_distance(word.substr(0, 200), candidate);
    // Of names as short as 'P1' every other one differs by a letter.
    const bool is_like = distance == 0 || (2 * distance < word.size() && distance < candidate.size());
    if (distance < best_distance && is_like) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (best || word.size() < 3) return best;
  // A name that was not written to its end.
  const auto longer = std::find_if(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    return candidate.size() > word.size() && candidate.compare(0, word.size(), word) == 0;
  });
  return longer == candidates.end() ? best : std::optional(*longer);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (const auto best = nearest_spelling(word, candidates)) return fmt::format("; did you mean '{}'?", *best);
  if (candidates.empty() || candidates.size() > 16) return "";
  return fmt::format("; expected one of: {}", fmt::join(candidates, ", "));
}

InputError::InputError(Diagnostics d) : diagnostics(std::move(d)), text_(render_all(diagnostics.all())) {}

}  // namespace loopsim
