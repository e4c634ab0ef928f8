#include "report/MetricUnit.hpp"

namespace loopsim {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

const char* metric_unit(std::string_view metric) {
  const std::string_view kind = metric.substr(0, metric.find(':'));
  if (ends_with(kind, "_pj") || kind == "energy") return "pJ";
  if (ends_with(kind, "cycles")) return "cycle";
  if (ends_with(kind, "steps") || kind == "steps_per_tile") return "step";
  if (ends_with(kind, "ops") || kind == "macs" || kind == "ops_per_tile") return "op";
  return "word";
}

}  // namespace loopsim
