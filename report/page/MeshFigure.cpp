#include "report/page/MeshFigure.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/NumberText.hpp"
#include "report/page/Legend.hpp"
#include "report/svg/Markup.hpp"

namespace loopsim {
namespace {

using Json = nlohmann::ordered_json;

constexpr double widest = 1000;    ///< of meshes beside each other
constexpr double preferred = 300;  ///< width of one
constexpr double least_pitch = 12;
constexpr double most_pitch = 40;
constexpr double margin = 12;
constexpr double heading = 20;
constexpr int heat_levels = 8;  ///< of the style sheet, beside none
/// A page with more links has no titles of their own: it stays small.
constexpr std::size_t most_titles = 8'000;

/// What all links of a drawing share.
struct Heat {
  double cycles = 1;  ///< of the run
  double most = 1;    ///< flits a cycle of the busiest link on the page
  bool titles = true;

  double load(std::int64_t flits) const { return static_cast<double>(flits) / cycles; }
  std::string style(std::int64_t flits) const {
    if (flits == 0) return "h0";
    const int level = static_cast<int>(std::ceil(heat_levels * load(flits) / most));
    return fmt::format("h{}", std::clamp(level, 1, heat_levels));
  }
};

/// Where the routers of one mesh stand.
struct Grid {
  double left = 0;
  double top = 0;
  double pitch = 1;
  double router = 1;  ///< length of its side
  double strip = 1;   ///< width of a link

  double x(std::int64_t column) const { return left + pitch * static_cast<double>(column); }
  double y(std::int64_t row) const { return top + pitch * static_cast<double>(row); }
};

/// Draws links and writes them into the table.
class MeshDrawer {
 public:
  MeshDrawer(Figure& figure, const Heat& heat, std::size_t network) : figure_(figure), heat_(heat), network_(network) {}

  void link(const SvgBox& box, std::int64_t column, std::int64_t row, const std::string& name, std::int64_t flits) {
    std::string title;
    if (heat_.titles) {
      title = fmt::format("({},{}) {}: {} ({} of the cycles)", column, row, name, counted(flits, "flit"),
                          percentage(static_cast<double>(flits), heat_.cycles));
    }
    add_box(figure_.drawing, box, heat_.style(flits), title);
    figure_.data.rows.push_back({network_, column, row, name, flits});
  }

 private:
  Figure& figure_;
  const Heat& heat_;
  std::size_t network_;
};

/// Folders of earlier versions have none.
Json side_ports(const Json& mesh) {
  return mesh.value("side_ports", Json::array());
}

std::size_t links_of(const Json& mesh) {
  const std::size_t ports = mesh.at("buffer_ports").size() + side_ports(mesh).size() + mesh.at("dram_ports").size();
  return 6 * mesh.at("east").size() + 2 * ports;
}

void draw_router(MeshDrawer& drawer, const Grid& grid, const Json& mesh, std::int64_t column, std::int64_t row) {
  const auto columns = mesh.at("columns").get<std::int64_t>();
  const auto number = static_cast<std::size_t>(row * columns + column);
  const auto flits = [&](const char* direction) { return mesh.at(direction).at(number).get<std::int64_t>(); };
  const double x = grid.x(column);
  const double y = grid.y(row);
  const double half = grid.router / 2;
  const double between = grid.pitch - grid.router;
  drawer.link({x, y, half, grid.router}, column, row, "to the node", flits("node_out"));
  drawer.link({x + half, y, half, grid.router}, column, row, "from the node", flits("node_in"));
  // A pair of links shares the side of the routers that it joins; each has a half.
  const double first = half - grid.strip - 0.5;
  const double second = half + 0.5;
  if (column + 1 < columns)
    drawer.link({x + grid.router, y + first, between, grid.strip}, column, row, "east", flits("east"));
  if (column > 0) drawer.link({x - between, y + second, between, grid.strip}, column, row, "west", flits("west"));
  if (row + 1 < mesh.at("rows").get<std::int64_t>()) {
    drawer.link({x + first, y + grid.router, grid.strip, between}, column, row, "south", flits("south"));
  }
  if (row > 0) drawer.link({x + second, y - between, grid.strip, between}, column, row, "north", flits("north"));
}

bool any_at(const Json& flits, std::int64_t first, std::int64_t step, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (flits.at(static_cast<std::size_t>(first + i * step)) != 0) return true;
  }
  return false;
}

/// Links that close the rows, or the columns, of a torus to rings; they show by what goes over them.
bool rows_are_closed(const Json& mesh) {
  const auto columns = mesh.at("columns").get<std::int64_t>();
  const auto rows = mesh.at("rows").get<std::int64_t>();
  return any_at(mesh.at("east"), columns - 1, columns, rows) || any_at(mesh.at("west"), 0, columns, rows);
}
bool columns_are_closed(const Json& mesh) {
  const auto columns = mesh.at("columns").get<std::int64_t>();
  const auto rows = mesh.at("rows").get<std::int64_t>();
  return any_at(mesh.at("south"), (rows - 1) * columns, 1, columns) || any_at(mesh.at("north"), 0, 1, columns);
}

/// Both of a pair at the end of its row or column.
void draw_closing_links(MeshDrawer& drawer, const Grid& grid, const Json& mesh) {
  const auto columns = mesh.at("columns").get<std::int64_t>();
  const auto rows = mesh.at("rows").get<std::int64_t>();
  const auto flits = [&](const char* direction, std::int64_t column, std::int64_t row) {
    return mesh.at(direction).at(static_cast<std::size_t>(row * columns + column)).get<std::int64_t>();
  };
  const double half = grid.router / 2;
  const double length = grid.pitch - grid.router;
  const double first = half - grid.strip - 0.5;
  const double second = half + 0.5;
  for (std::int64_t row = 0; rows_are_closed(mesh) && row < rows; ++row) {
    const double x = grid.x(columns - 1) + grid.router;
    const double y = grid.y(row);
    drawer.link({x, y + first, length, grid.strip}, columns - 1, row, "east", flits("east", columns - 1, row));
    drawer.link({x, y + second, length, grid.strip}, 0, row, "west", flits("west", 0, row));
  }
  for (std::int64_t column = 0; columns_are_closed(mesh) && column < columns; ++column) {
    const double x = grid.x(column);
    const double y = grid.y(rows - 1) + grid.router;
    drawer.link({x + first, y, grid.strip, length}, column, rows - 1, "south", flits("south", column, rows - 1));
    drawer.link({x + second, y, grid.strip, length}, column, 0, "north", flits("north", column, 0));
  }
}

/// Ports of one column share its width.
void draw_ports(MeshDrawer& drawer, const Grid& grid, const Json& ports, std::int64_t row, double y,
                const std::string& whose) {
  const double length = grid.pitch - grid.router;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto column = ports[i].at("column").get<std::int64_t>();
    const auto same = [column](const Json& port) { return port.at("column") == column; };
    const auto count = std::count_if(ports.begin(), ports.end(), same);
    const auto before = std::count_if(ports.begin(), ports.begin() + static_cast<std::ptrdiff_t>(i), same);
    const double room = grid.router / static_cast<double>(count);
    const double strip = std::min(grid.strip, room / 2 - 0.5);
    const double middle = grid.x(column) + room * (static_cast<double>(before) + 0.5);
    const auto in = ports[i].at("in").get<std::int64_t>();
    const auto out = ports[i].at("out").get<std::int64_t>();
    drawer.link({middle - strip - 0.5, y, strip, length}, column, row, fmt::format("from {} port {}", whose, i), in);
    drawer.link({middle + 0.5, y, strip, length}, column, row, fmt::format("to {} port {}", whose, i), out);
  }
}

void draw_side_ports(MeshDrawer& drawer, const Grid& grid, const Json& ports) {
  const double length = grid.pitch - grid.router;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto row = ports[i].at("row").get<std::int64_t>();
    const double x = grid.left - length;
    const double middle = grid.y(row) + grid.router / 2;
    const auto in = ports[i].at("in").get<std::int64_t>();
    const auto out = ports[i].at("out").get<std::int64_t>();
    drawer.link({x, middle - grid.strip - 0.5, length, grid.strip}, 0, row, fmt::format("from side port {}", i), in);
    drawer.link({x, middle + 0.5, length, grid.strip}, 0, row, fmt::format("to side port {}", i), out);
  }
}

Grid grid_of(const Json& mesh, double left, double top) {
  Grid grid;
  grid.pitch = std::clamp(preferred / mesh.at("columns").get<double>(), least_pitch, most_pitch);
  grid.router = 0.56 * grid.pitch;
  grid.strip = 0.34 * grid.router;
  grid.left = left + grid.pitch - grid.router;
  grid.top = top + heading + grid.pitch - grid.router;
  return grid;
}

/// Below the routers and the links that close columns.
double end_of(const Grid& grid, const Json& mesh) {
  const double end = grid.y(mesh.at("rows").get<std::int64_t>() - 1) + grid.router;
  return columns_are_closed(mesh) ? end + grid.pitch - grid.router : end;
}

void draw_mesh(Figure& figure, const Heat& heat, const Json& mesh, const Grid& grid, std::size_t network,
               const std::string& name) {
  const auto columns = mesh.at("columns").get<std::int64_t>();
  const auto rows = mesh.at("rows").get<std::int64_t>();
  const double length = grid.pitch - grid.router;
  add_text(figure.drawing, {grid.left, grid.top - length - 6}, name + "global buffer", "small");
  MeshDrawer drawer(figure, heat, network);
  draw_ports(drawer, grid, mesh.at("buffer_ports"), 0, grid.top - length, "buffer");
  draw_side_ports(drawer, grid, side_ports(mesh));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) draw_router(drawer, grid, mesh, column, row);
  }
  draw_closing_links(drawer, grid, mesh);
  // Outlines tell routers from links.
  std::string outlines;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      outlines += fmt::format("M{},{}h{}v{}h-{}z", length_text(grid.x(column)), length_text(grid.y(row)),
                              length_text(grid.router), length_text(grid.router), length_text(grid.router));
    }
  }
  add_path(figure.drawing, outlines, "frame");
  const double end = end_of(grid, mesh);
  draw_ports(drawer, grid, mesh.at("dram_ports"), rows - 1, end, "DRAM");
  add_text(figure.drawing, {grid.left, end + length + 14}, "main memory", "small");
}

/// Beside each other as far as they fit, then below.
void draw_meshes(Figure& figure, const Heat& heat, const Json& meshes) {
  SvgDrawing& drawing = figure.drawing;
  double left = margin;
  double top = 0;
  for (std::size_t i = 0; i < meshes.size(); ++i) {
    Grid grid = grid_of(meshes[i], left, top);
    const double width = grid.pitch * std::max(meshes[i].at("columns").get<double>() + 1, 8.0) + 2 * margin;
    if (left > margin && left + width > widest) {
      left = margin;
      top = drawing.height;
      grid = grid_of(meshes[i], left, top);
    }
    draw_mesh(figure, heat, meshes[i], grid, i, meshes.size() > 1 ? fmt::format("network {}: ", i) : "");
    left += width;
    drawing.width = std::max(drawing.width, left);
    const double below = end_of(grid, meshes[i]) + grid.pitch - grid.router + heading + 6;
    drawing.height = std::max(drawing.height, below);
  }
}

std::vector<LegendEntry> legend_of(const Heat& heat) {
  std::vector<LegendEntry> legend = {{"idle", "h0"}};
  for (int level = 1; level <= heat_levels; ++level) {
    legend.push_back({fmt::format("to {:.3g} %", 100 * heat.most * level / heat_levels), fmt::format("h{}", level)});
  }
  return legend;
}

}  // namespace

std::optional<Figure> mesh_figure(const RunFolder& run, const ReportScale& scale) {
  if (!run.stats.contains("simulation")) return std::nullopt;
  const Json meshes = run.stats["simulation"].at("noc").value("networks", Json(nullptr));
  if (meshes.is_null()) return std::nullopt;
  Heat heat;
  heat.cycles = run.stats["simulation"].at("cycles");
  if (scale.most_link_load > 0) heat.most = scale.most_link_load;
  std::size_t links = 0;
  for (const Json& mesh : meshes) links += links_of(mesh);
  heat.titles = links * scale.runs <= most_titles;
  Figure figure;
  figure.title = "Load of every link of the network";
  figure.data.columns = {"network", "column", "row", "link", "flits"};
  figure.drawing.width = 720;
  draw_meshes(figure, heat, meshes);
  draw_legend(figure.drawing, legend_of(heat));
  const auto busy = run.stats["simulation"]["noc"].at("busy_cycles").get<double>();
  figure.description = fmt::format(
      "How much of the run's cycles each link was busy; the busiest one {}. Squares are routers: their left half is "
      "the way to the processing element, the right half the way from it. Of two links between routers the upper one "
      "leads "
      "to the right, the left one downwards. The data have the flits, one a cycle.",
      percentage(busy, heat.cycles));
  return figure;
}

}  // namespace loopsim
