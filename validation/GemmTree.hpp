#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace loopsim {

/// Extents of C[M,N] = A[M,K] B[K,N] and of its tiles.
struct TiledGemm {
  std::int64_t m = 1, n = 1, k = 1;
  std::int64_t tile_m = 1, tile_n = 1, tile_k = 1;
};

/// Problem and mapping, as YAML, of one GEMM on an output-stationary array of `side` x `side`: tiles of C in groups of
/// four (of fewer where the tiles of a row or column do not divide four); in a group k is the outer loop, its tiles the
/// inner one.
std::string gemm_tree(const TiledGemm& gemm, std::int64_t side);

/// The same of two, C = (A B1) B2, over blocks of tile_m rows in groups of four. The intermediate has `first.n`
/// columns, the extent k of the second; it stays on the chip: a tile of it is accumulated, then copied to the operands'
/// memory.
std::string fused_gemm_tree(const TiledGemm& first, const TiledGemm& second, std::int64_t side);

}  // namespace loopsim
