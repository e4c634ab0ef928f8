#include "validation/GemmTree.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace loopsim {

namespace {

/// Names of one GEMM's einsum, ranks and tensors.
struct Names {
  std::string einsum, m, n, k, a, b, c;
};

std::string problem(const TiledGemm& gemm, const Names& names) {
  return fmt::format(R"(- shape:
    name: {e}
    dimensions: [{m}, {n}, {k}]
    data_spaces:
    - {{name: {a}, projection: '[ {m}, {k} ]'}}
    - {{name: {b}, projection: '[ {k}, {n} ]'}}
    - {{name: {c}, projection: '[ {m}, {n} ]', read_write: true}}
  instance: 0 <= {m} < {em} and 0 <= {n} < {en} and 0 <= {k} < {ek}
)",
                     fmt::arg("e", names.einsum), fmt::arg("m", names.m), fmt::arg("n", names.n),
                     fmt::arg("k", names.k), fmt::arg("a", names.a), fmt::arg("b", names.b), fmt::arg("c", names.c),
                     fmt::arg("em", gemm.m), fmt::arg("en", gemm.n), fmt::arg("ek", gemm.k));
}

std::string temporal(const std::string& rank, std::int64_t tile, std::int64_t extent) {
  return fmt::format("{{type: temporal, rank: {}, tile_shape: {}}}", rank, std::min(tile, extent));
}

std::string storage(const char* level, const std::string& tensors) {
  return fmt::format("{{type: storage, target: {}, dspace: [{}]}}", level, tensors);
}

/// What lies below the tiles' loops: squares of the array's size, each over all of the tile's k.
std::vector<std::string> array_nodes(const TiledGemm& gemm, const Names& names, std::int64_t side) {
  return {
      temporal(names.m, side, gemm.tile_m),
      temporal(names.n, side, gemm.tile_n),
      fmt::format("{{type: spatial, rank: {}, tile_shape: 1, spatial: 1}}", names.m),
      fmt::format("{{type: spatial, rank: {}, tile_shape: 1, spatial: 0}}", names.n),
      temporal(names.k, 1, gemm.tile_k),
      fmt::format("{{type: compute, einsum: {}, target: MACs}}", names.einsum),
  };
}

/// An einsum's branch: results, loops over k and over the group's tiles, operands.
std::vector<std::string> operation_nodes(const TiledGemm& gemm, const Names& names, const std::string& operands,
                                         std::int64_t side) {
  std::vector<std::string> nodes = {
      storage("GlobalBuffer", names.c),       temporal(names.k, gemm.tile_k, gemm.k),
      temporal(names.m, gemm.tile_m, gemm.m), temporal(names.n, gemm.tile_n, gemm.n),
      storage("GlobalBuffer", operands),
  };
  for (std::string& node : array_nodes(gemm, names, side)) nodes.push_back(std::move(node));
  return nodes;
}

std::string list(const std::vector<std::string>& nodes, const std::string& first, const std::string& indent) {
  std::string text;
  for (const std::string& node : nodes) text += (text.empty() ? first : indent) + "- " + node + "\n";
  return text;
}

}  // namespace

std::string gemm_tree(const TiledGemm& gemm, std::int64_t side) {
  constexpr std::int64_t group = 4;
  const Names names = {"Gemm", "M", "N", "K", "A", "B", "C"};
  const std::int64_t tiles_n = (gemm.n + gemm.tile_n - 1) / gemm.tile_n;
  const std::int64_t group_n = std::min(group, tiles_n);
  const std::int64_t group_m = group % group_n == 0 ? group / group_n : 1;
  std::vector<std::string> nodes = {
      storage("MainMemory", "A, B, C"),
      temporal(names.m, group_m * gemm.tile_m, gemm.m),
      temporal(names.n, group_n * gemm.tile_n, gemm.n),
  };
  for (std::string& node : operation_nodes(gemm, names, "A, B", side)) nodes.push_back(std::move(node));
  return "problem:\n" + problem(gemm, names) + "mapping:\n  type: fused\n  nodes:\n" + list(nodes, "  ", "  ");
}

std::string fused_gemm_tree(const TiledGemm& first, const TiledGemm& second, std::int64_t side) {
  const Names one = {"Gemm1", "M1", "N1", "K1", "A", "B1", "E"};
  const Names two = {"Gemm2", "M2", "N2", "K2", "E", "B2", "C"};
  const std::vector<std::string> above = {
      storage("MainMemory", "A, B1, B2, C"),
      temporal(two.m, 4 * first.tile_m, second.m),
      storage("GlobalBuffer", "E"),
  };
  return "problem:\n" + problem(first, one) + problem(second, two) + "mapping:\n  type: fused\n  nodes:\n" +
         list(above, "  ", "  ") + "  - type: sequential\n    branches:\n" +
         list(operation_nodes(first, one, "A, B1", side), "    - ", "      ") +
         list(operation_nodes(second, two, "B2", side), "    - ", "      ");
}

}  // namespace loopsim
