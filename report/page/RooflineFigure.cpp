#include "report/page/RooflineFigure.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "report/page/Axis.hpp"
#include "report/page/MemoryRoof.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr double width = 720;
constexpr double height = 340;
constexpr double left = 70;
constexpr double right = 700;
constexpr double top = 16;
constexpr double bottom = 290;

struct RooflinePoint {
  std::string name;
  double bytes = 0;       ///< of words from and to main memory
  double operations = 0;  ///< of all einsums
  double cycles = 0;

  double intensity() const { return operations / bytes; }
  double rate() const { return operations / cycles; }
};

/// Powers of ten around values.
struct LogAxis {
  double low = 0;  ///< exponents
  double high = 1;
  double begin = 0;
  double end = 1;

  double at(double value) const { return begin + (std::log10(value) - low) / (high - low) * (end - begin); }
};

LogAxis axis_around(const std::vector<double>& values, double begin, double end) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  LogAxis axis{std::floor(std::log10(*least) - 0.4), std::ceil(std::log10(*most) + 0.2), begin, end};
  return axis;
}

/// Words that cross the port of main memory, in bytes of their tensors.
double moved_bytes(const Json& side) {
  double bits = 0;
  for (const Json& access : side.at("accesses")) {
    if (access.at("level") != 0) continue;
    const double words = access.at("reads").get<double>() + access.at("writes").get<double>();
    bits += words * side.at("tensors").at(access.at("tensor").get<std::string>()).at("bits").get<double>();
  }
  return bits / 8;
}

std::vector<RooflinePoint> points_of(const Json& stats) {
  std::vector<RooflinePoint> points;
  for (const char* side : {"estimate", "simulation"}) {
    if (!stats.contains(side)) continue;
    const RooflinePoint point{side, moved_bytes(stats[side]), stats[side].at("macs"), stats[side].at("cycles")};
    if (point.bytes > 0 && point.operations > 0 && point.cycles > 0) points.push_back(point);
  }
  return points;
}

/// Operations a cycle of the whole array; nothing if it is unlimited.
std::optional<double> compute_roof(const Architecture& machine) {
  if (!machine.mesh.columns || !machine.mesh.rows) return std::nullopt;
  return static_cast<double>(*machine.mesh.columns) * static_cast<double>(*machine.mesh.rows);
}

void draw_axes(SvgDrawing& drawing, const LogAxis& x, const LogAxis& y) {
  add_box(drawing, {left, top, right - left, bottom - top}, "frame");
  for (double power = x.low; power <= x.high; power += 1) {
    const double at = x.at(std::pow(10, power));
    add_line(drawing, {at, top}, {at, bottom}, "grid");
    add_text(drawing, {at, bottom + 16}, tick_text(std::pow(10, power)), "middle small");
  }
  for (double power = y.low; power <= y.high; power += 1) {
    const double at = y.at(std::pow(10, power));
    add_line(drawing, {left, at}, {right, at}, "grid");
    add_text(drawing, {left - 6, at + 4}, tick_text(std::pow(10, power)), "end small");
  }
  add_text(drawing, {(left + right) / 2, bottom + 34}, "operations a byte from or to main memory", "middle small");
  add_text(drawing, {left, top - 4}, "operations a cycle", "small");
}

/// A straight line on both logarithmic axes, as far as it lies in the frame and below the roof of computing.
/// `label_at`: how far along it its name stands.
void draw_roof(SvgDrawing& drawing, const LogAxis& x, const LogAxis& y, const MemoryRoof& roof,
               std::optional<double> compute, double label_at) {
  const double slope = roof.bytes_per_cycle;
  const double from = std::max(std::pow(10, x.low), std::pow(10, y.low) / slope);
  double to = std::min(std::pow(10, x.high), std::pow(10, y.high) / slope);
  if (compute) to = std::min(to, *compute / slope);
  if (to <= from) return;
  add_path(drawing,
           fmt::format("M{:.2f},{:.2f}L{:.2f},{:.2f}", x.at(from), y.at(from * slope), x.at(to), y.at(to * slope)),
           "roof", fmt::format("{}: {:.4g} bytes a cycle", roof.name, slope));
  const double labelled = from * std::pow(to / from, label_at);
  add_text(drawing, {x.at(labelled) + 8, y.at(labelled * slope) + 10}, roof.name, "small");
}

}  // namespace

std::optional<Figure> roofline_figure(const RunFolder& run, const ReportScale&) {
  if (!run.tree) return std::nullopt;
  std::string note;
  const std::vector<MemoryRoof> roofs = memory_roofs(run, note);
  const std::optional<double> compute = compute_roof(run.tree->architecture);
  const std::vector<RooflinePoint> points = points_of(run.stats);
  if ((roofs.empty() && !compute) || points.empty()) return std::nullopt;

  Figure figure;
  figure.title = "Roofline";
  figure.description =
      "Operations a cycle over operations a byte of the words moved from and to main memory, estimated and simulated, "
      "below what the array and main memory allow at most. The estimate knows the stated bandwidth." +
      note;
  figure.data.columns = {"what", "operations_a_byte", "operations_a_cycle", "bytes_a_cycle"};
  std::vector<double> intensities;
  std::vector<double> rates;
  for (const RooflinePoint& point : points) {
    intensities.push_back(point.intensity());
    rates.push_back(point.rate());
    figure.data.rows.push_back({point.name, point.intensity(), point.rate(), point.bytes / point.cycles});
  }
  if (compute) {
    rates.push_back(*compute);
    figure.data.rows.push_back({"array", nullptr, *compute, nullptr});
  }
  for (const MemoryRoof& roof : roofs) {
    if (compute) intensities.push_back(*compute / roof.bytes_per_cycle);
    figure.data.rows.push_back({roof.name, nullptr, nullptr, roof.bytes_per_cycle});
  }
  SvgDrawing& drawing = figure.drawing;
  drawing.width = width;
  drawing.height = height;
  const LogAxis x = axis_around(intensities, left, right);
  const LogAxis y = axis_around(rates, bottom, top);
  draw_axes(drawing, x, y);
  // Roofs may lie on each other; their names do not.
  double label_at = 0.6;
  for (const MemoryRoof& roof : roofs) {
    draw_roof(drawing, x, y, roof, compute, label_at);
    label_at /= 2;
  }
  if (compute) {
    double from = std::pow(10, x.high);
    for (const MemoryRoof& roof : roofs) from = std::min(from, *compute / roof.bytes_per_cycle);
    if (roofs.empty()) from = std::pow(10, x.low);
    add_path(drawing, fmt::format("M{:.2f},{:.2f}H{:.2f}", x.at(from), y.at(*compute), right), "roof",
             fmt::format("array: {} operations a cycle", tick_text(*compute)));
    add_text(drawing, {right - 6, y.at(*compute) - 6}, "array " + tick_text(*compute), "end small");
  }
  for (const RooflinePoint& point : points) {
    const SvgPoint at{x.at(point.intensity()), y.at(point.rate())};
    const bool simulated = point.name == "simulation";
    add_circle(
        drawing, at, simulated ? 5 : 7, simulated ? "dram" : "open",
        fmt::format("{}: {:.4g} operations a cycle, {:.4g} a byte", point.name, point.rate(), point.intensity()));
    if (simulated) {
      add_text(drawing, {at.x, at.y + 20}, point.name, "middle small");
    } else {
      add_text(drawing, {at.x - 11, at.y + 4}, point.name, "end small");
    }
  }
  return figure;
}

}  // namespace loopsim
