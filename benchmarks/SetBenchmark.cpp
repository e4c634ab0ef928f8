// Sets of coordinates and points: the arithmetic under tile inference and holdings.
#include <benchmark/benchmark.h>

#include "mapping/sets/IntervalSet.hpp"
#include "mapping/sets/PointSet.hpp"

namespace loopsim {
namespace {

/// `runs` runs of two coordinates, four apart.
IntervalSet striped(std::int64_t runs, Coordinate from) {
  IntervalSet set;
  for (std::int64_t i = 0; i < runs; ++i) set.append({from + 4 * i, from + 4 * i + 2});
  return set;
}

void unite_intervals(benchmark::State& state) {
  const IntervalSet a = striped(state.range(0), 0);
  const IntervalSet b = striped(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(unite(a, b));
}
BENCHMARK(unite_intervals)->Arg(1)->Arg(8)->Arg(64);

void subtract_intervals(benchmark::State& state) {
  const IntervalSet a = striped(state.range(0), 0);
  const IntervalSet b = striped(state.range(0), 1);
  for (auto _ : state) benchmark::DoNotOptimize(subtract(a, b));
}
BENCHMARK(subtract_intervals)->Arg(1)->Arg(8)->Arg(64);

/// The rows that a 3-row window reads of an image read with a stride.
void sum_intervals(benchmark::State& state) {
  const IntervalSet rows = scale(IntervalSet(0, state.range(0)), 2);
  const IntervalSet window(0, 3);
  for (auto _ : state) benchmark::DoNotOptimize(minkowski_sum(rows, window));
}
BENCHMARK(sum_intervals)->Arg(8)->Arg(64);

PointSet rows_of_image(Coordinate first, Coordinate end) {
  return PointSet(Box{{IntervalSet(0, 64), IntervalSet(first, end), IntervalSet(0, 56)}});
}

/// What a tile of rows needs beyond the tile before: the halo is there already.
void subtract_halo(benchmark::State& state) {
  const PointSet tile = rows_of_image(4, 10);
  const PointSet before = rows_of_image(0, 6);
  for (auto _ : state) benchmark::DoNotOptimize(subtract(tile, before));
}
BENCHMARK(subtract_halo);

/// Tiles that come one after the other, as in what a buffer holds.
void unite_tiles(benchmark::State& state) {
  for (auto _ : state) {
    PointSet held;
    for (Coordinate row = 0; row < state.range(0); ++row) held.unite(rows_of_image(4 * row, 4 * row + 6));
    benchmark::DoNotOptimize(held.size());
  }
}
BENCHMARK(unite_tiles)->Arg(4)->Arg(14);

/// Four corners of a plane: boxes that do not join.
void intersect_scattered(benchmark::State& state) {
  PointSet corners;
  for (const Coordinate x : {0, 40}) {
    for (const Coordinate y : {0, 40}) corners.unite(Box{{IntervalSet(x, x + 16), IntervalSet(y, y + 16)}});
  }
  const Box middle{{IntervalSet(8, 48), IntervalSet(8, 48)}};
  for (auto _ : state) benchmark::DoNotOptimize(intersect(corners, middle));
}
BENCHMARK(intersect_scattered);

}  // namespace
}  // namespace loopsim
