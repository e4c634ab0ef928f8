#include "validation/SystolicLaws.hpp"

#include <fmt/format.h>
#include <memory>

#include "validation/RunFigures.hpp"

namespace loopsim {

namespace {

/// A point of a law: the machine and the tree that show it, and what the law says.
struct LawPoint {
  std::string name;
  std::int64_t columns = 1, rows = 1;
  std::int64_t overhead = 0, latency = 0;  ///< cycles
  std::string problem;                     ///< extents of M, N, K
  std::string mapping;                     ///< nodes below main memory
  double cycles = 0;
  double words_in = 0, words_out = 0;
};

std::string machine_of(const LawPoint& point) {
  return fmt::format(R"(architecture:
  version: 0.4
  nodes:
  - !Component {{name: MainMemory, class: DRAM, attributes: {{datawidth: 8, width: 64}}}}
  - !Component {{name: GlobalBuffer, class: SRAM, attributes: {{datawidth: 8, width: 64}}}}
  - !Container {{name: PE, spatial: {{meshX: {}, meshY: {}}}}}
  - !Component {{name: MACs, class: intmac, attributes: {{datawidth: 8}}}}
simulation:
  prefetch: 3
  pe: {{operation_overhead: {}, operation_latency: {}, adder_latency: 0}}
  levels:
    MainMemory: {{bandwidth: inf}}
    GlobalBuffer: {{size: inf, bandwidth: inf, refetch: true}}
)",
                     point.columns, point.rows, point.overhead, point.latency);
}

std::string tree_of(const LawPoint& point) {
  return fmt::format(R"(problem:
- shape:
    name: Gemm
    dimensions: [M, N, K]
    data_spaces:
    - {{name: A, projection: '[ M, K ]'}}
    - {{name: B, projection: '[ K, N ]'}}
    - {{name: C, projection: '[ M, N ]', read_write: true}}
  instance: {}
mapping:
  type: fused
  nodes:
  - {{type: storage, target: MainMemory, dspace: [A, B, C]}}
{}  - {{type: compute, einsum: Gemm, target: MACs}}
)",
                     point.problem, point.mapping);
}

/// R rows and C columns keep C tiles of R x C; each cycle a slice of k enters. Fill and drain overlap the next tile.
LawPoint output_stationary(std::int64_t r, std::int64_t c, std::int64_t k, std::int64_t tiles, std::int64_t lm,
                           std::int64_t la) {
  LawPoint point;
  point.name = fmt::format("output stationary {}x{}, K {}, {} tile{}", r, c, k, tiles, tiles == 1 ? "" : "s");
  point.columns = c;
  point.rows = r;
  point.latency = r + 2 * c + lm + la - 2;
  point.problem = fmt::format("0 <= M < {} and 0 <= N < {} and 0 <= K < {}", r * tiles, c, k);
  point.mapping = fmt::format(R"(  - {{type: temporal, rank: M, tile_shape: {}}}
  - {{type: storage, target: GlobalBuffer, dspace: [A, B, C]}}
  - {{type: spatial, rank: M, tile_shape: 1, spatial: 1}}
  - {{type: spatial, rank: N, tile_shape: 1, spatial: 0}}
  - {{type: temporal, rank: K, tile_shape: 1}}
)",
                              r);
  point.cycles = static_cast<double>(tiles * k + r + 2 * c + lm + la - 2);
  point.words_in = static_cast<double>(tiles * k * (r + c));
  point.words_out = static_cast<double>(tiles * r * c);
  return point;
}

/// N x N weights are loaded (N cycles), M activation vectors pass, and the last one has to leave the rows (N - 1)
/// before the next weights may come; its results leave the columns (N - 1) meanwhile.
LawPoint weight_stationary(std::int64_t n, std::int64_t m, std::int64_t tiles) {
  LawPoint point;
  point.name = fmt::format("weight stationary {}x{}, M {}, {} tile{}", n, n, m, tiles, tiles == 1 ? "" : "s");
  point.columns = n;
  point.rows = n;
  point.overhead = 2 * n - 1;
  point.latency = n - 1;
  point.problem = fmt::format("0 <= M < {} and 0 <= N < {} and 0 <= K < {}", m, n * tiles, n);
  point.mapping = fmt::format(R"(  - {{type: temporal, rank: N, tile_shape: {}}}
  - {{type: storage, target: GlobalBuffer, dspace: [A, B, C]}}
  - {{type: spatial, rank: K, tile_shape: 1, spatial: 1}}
  - {{type: spatial, rank: N, tile_shape: 1, spatial: 0}}
  - {{type: temporal, rank: M, tile_shape: 1}}
)",
                              n);
  point.cycles = static_cast<double>((tiles - 1) * (m + 2 * n - 1) + m + 3 * n - 2);
  point.words_in = static_cast<double>(tiles * (n * n + m * n));
  point.words_out = static_cast<double>(tiles * m * n);
  return point;
}

std::int64_t integer(MapReader& reader, const char* key, Diagnostics& diagnostics) {
  const auto node = reader.required(key);
  return node ? read_integer(*node, key, diagnostics, {1, 1 << 20}).value_or(1) : 1;
}

std::vector<LawPoint> read_points(const ValidationCase& c) {
  Diagnostics diagnostics;
  std::vector<LawPoint> points;
  MapReader reader(*c.document, "a case of kind 'systolic'", diagnostics);
  accept_common_keys(reader);
  const auto each = [&](const char* key, const auto& read) {
    for_each_item(reader, key, diagnostics, [&](const DocumentNode& item) {
      MapReader point(item, "a point", diagnostics);
      points.push_back(read(point));
      if (const auto published = point.optional("published")) {
        points.back().cycles = read_number(*published, "published", diagnostics).value_or(0);
      }
      point.finish();
    });
  };
  const auto get = [&](MapReader& point, const char* key) { return integer(point, key, diagnostics); };
  each("output_stationary", [&](MapReader& p) {
    return output_stationary(get(p, "rows"), get(p, "columns"), get(p, "k"), get(p, "tiles"),
                             get(p, "multiplier_latency"), get(p, "accumulator_latency"));
  });
  each("weight_stationary", [&](MapReader& p) { return weight_stationary(get(p, "n"), get(p, "m"), get(p, "tiles")); });
  reader.finish();
  throw_errors(diagnostics);
  return points;
}

}  // namespace

ValidationPlan plan_systolic_laws(const ValidationCase& c) {
  const auto points = std::make_shared<const std::vector<LawPoint>>(read_points(c));
  ValidationPlan plan;
  for (const LawPoint& point : *points) {
    FigureRun run;
    run.inputs = {std::make_shared<SourceText>(SourceText{point.name + ", tree", tree_of(point)}),
                  std::make_shared<SourceText>(SourceText{point.name + ", machine", machine_of(point)})};
    plan.tasks.push_back(figures_task(std::move(run)));
  }
  plan.rows = [points, name = c.name](const std::vector<ForkedOutcome>& outcomes) {
    std::vector<ValidationRow> rows;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const LawPoint& point = (*points)[i];
      const Figures figures = figures_from(outcomes[i], fmt::format("case {}, {}", name, point.name));
      const auto add = [&](const char* metric, double published, const char* estimate, const char* simulation) {
        ValidationRow row;
        row.case_name = name;
        row.row = point.name;
        row.metric = metric;
        row.bar.kind = Bar::Kind::exact;
        row.published = published;
        if (*estimate != '\0') row.estimate = figures.at(estimate);
        row.simulation = figures.at(simulation);
        judge(row);
        rows.push_back(std::move(row));
      };
      add("cycles", point.cycles, "estimate.cycles", "simulation.cycles");
      add("words in", point.words_in, "", "simulation.offchip_reads");
      add("words out", point.words_out, "", "simulation.offchip_writes");
    }
    return rows;
  };
  return plan;
}

}  // namespace loopsim
