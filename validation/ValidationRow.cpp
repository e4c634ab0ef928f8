#include "validation/ValidationRow.hpp"

#include <cmath>
#include <fmt/format.h>

namespace loopsim {

namespace {

bool is_met(const Bar& bar, const std::optional<double>& published, const std::optional<double>& ours,
            const std::optional<double>& error) {
  if (!ours) return false;
  switch (bar.kind) {
    case Bar::Kind::none:
      return true;
    case Bar::Kind::exact:
      return published && *ours == *published;
    case Bar::Kind::within:
      return error && std::abs(*error) <= bar.low;
    case Bar::Kind::between:
      return *ours >= bar.low && *ours <= bar.high;
    case Bar::Kind::at_least:
      return *ours >= bar.low;
    case Bar::Kind::at_most:
      return *ours <= bar.high;
  }
  return false;
}

}  // namespace

std::string to_string(const Bar& bar) {
  switch (bar.kind) {
    case Bar::Kind::none:
      return "-";
    case Bar::Kind::exact:
      return "exact";
    case Bar::Kind::within:
      return fmt::format("within {:g} %", 100 * bar.low);
    case Bar::Kind::between:
      return fmt::format("{:g} to {:g}", bar.low, bar.high);
    case Bar::Kind::at_least:
      return fmt::format("at least {:g}", bar.low);
    case Bar::Kind::at_most:
      return fmt::format("at most {:g}", bar.high);
  }
  return "";
}

const char* to_string(RowVerdict verdict) {
  switch (verdict) {
    case RowVerdict::met:
      return "met";
    case RowVerdict::missed:
      return "missed";
    case RowVerdict::no_bar:
      return "no bar";
  }
  return "";
}

void judge(ValidationRow& row) {
  const std::optional<double> ours = row.simulation ? row.simulation : row.estimate;
  row.error.reset();
  if (ours && row.published) {
    if (*row.published != 0) {
      row.error = (*ours - *row.published) / std::abs(*row.published);
    } else if (*ours == 0) {
      row.error = 0;
    }
  }
  if (row.bar.kind == Bar::Kind::none) {
    row.verdict = RowVerdict::no_bar;
  } else {
    row.verdict = is_met(row.bar, row.published, ours, row.error) ? RowVerdict::met : RowVerdict::missed;
  }
}

}  // namespace loopsim
