#include "report/StageBar.hpp"

#include <algorithm>
#include <numeric>

namespace loopsim {
namespace {

std::string_view stall_mark(StallCause cause) {
  switch (cause) {
    case StallCause::dram:
      return "D";
    case StallCause::glb:
      return "G";
    case StallCause::noc:
      return "N";
    case StallCause::space:
      return "S";
    case StallCause::writeback:
      return "W";
    case StallCause::dependency:
      return "P";
  }
  return "?";
}

}  // namespace

std::vector<BarPart> bar_parts(const StageAccount& stage, bool unicode) {
  std::vector<BarPart> parts;
  auto append = [&parts](std::string name, std::string_view mark, std::int64_t cycles) {
    if (cycles > 0) parts.push_back({std::move(name), mark, cycles});
  };
  append("compute", unicode ? "\u2588" : "#", stage.compute);
  for (std::size_t i = 0; i < stall_causes; ++i) {
    const auto cause = static_cast<StallCause>(i);
    append(std::string("stall.") + to_string(cause), stall_mark(cause), stage.stall[i]);
  }
  append("ramp", unicode ? "\u2591" : "r", stage.ramp);
  append("drain", unicode ? "\u2592" : "d", stage.drain);
  append("idle", unicode ? "\u00b7" : ".", stage.idle);
  return parts;
}

std::string bar(const std::vector<BarPart>& parts, std::size_t width) {
  double total = 0;
  for (const BarPart& part : parts) total += static_cast<double>(part.cycles);
  if (total <= 0) return "";
  std::vector<std::size_t> lengths(parts.size());
  std::vector<double> remainders(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double share = static_cast<double>(parts[i].cycles) / total * static_cast<double>(width);
    lengths[i] = static_cast<std::size_t>(share);
    remainders[i] = share - static_cast<double>(lengths[i]);
  }
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  std::size_t used = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
  for (std::size_t i = 0; used < width; i = (i + 1) % order.size(), ++used) ++lengths[order[i]];
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t n = 0; n < lengths[i]; ++n) text += parts[i].mark;
  }
  return text;
}

}  // namespace loopsim
