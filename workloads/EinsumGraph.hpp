#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/Diagnostics.hpp"
#include "base/Ids.hpp"

namespace loopsim {

/// A coordinate along a rank or a tensor dimension.
using Coordinate = std::int64_t;

/// A rank of one einsum: the coordinates low <= r < high.
struct Rank {
  std::string name;
  EinsumId einsum;
  Coordinate low = 0;
  Coordinate high = 0;
  SourcePosition where;
};

struct AffineTerm {
  std::size_t rank = 0;  ///< position in Einsum::ranks
  std::int64_t coefficient = 1;
};

/// Sum of coefficient * rank, plus a constant: one tensor dimension as a function of an operation.
struct AffineExpression {
  std::vector<AffineTerm> terms;  ///< one a rank at most, no zero coefficients, by rank position
  std::int64_t constant = 0;
};

/// How an einsum reaches a tensor: one expression for each tensor dimension.
struct TensorAccess {
  TensorId tensor;
  std::vector<AffineExpression> projection;
  SourcePosition where;
};

/// What one operation of an einsum does with its operands. All carry 64-bit wrapping integers in functional mode.
/// mac: out += product of the operands (one operand: sum). max: out = max(out, product). The others apply to the
/// operands in the order they are listed and write the result once for each output word.
enum class Operation { mac, add, sub, mul, max, exp, div, relu, copy };

struct Einsum {
  std::string name;
  std::vector<RankId> ranks;  ///< loop order as written
  std::vector<TensorAccess> inputs;
  TensorAccess output;
  Operation operation = Operation::mac;
  std::int64_t steps_per_operation = 1;  ///< array steps one operation takes
  std::optional<double> energy_pj;       ///< of one operation; default from the energy table
  SourcePosition where;
};

struct Tensor {
  std::string name;
  std::vector<std::string> dimensions;           ///< names, for reports
  std::optional<std::vector<Coordinate>> shape;  ///< `simulation.tensors.NAME.shape`: extents from 0
  std::optional<std::int64_t> bits;              ///< `simulation.tensors.NAME.bits`
  bool fill_after_copies = false;                ///< `simulation.tensors.NAME.fill_after_copies`
  std::string layout;                            ///< `simulation.tensors.NAME.layout` as written; empty = default
  SourcePosition layout_where;
  std::optional<std::int64_t> first_bank;  ///< `simulation.tensors.NAME.first_bank`
  std::optional<EinsumId> writer;
  std::vector<EinsumId> readers;
  SourcePosition where;
};

/// What is computed: a directed acyclic graph of einsums, joined by the tensors they write and read.
struct EinsumGraph {
  IdVector<EinsumId, Einsum> einsums;
  IdVector<RankId, Rank> ranks;
  IdVector<TensorId, Tensor> tensors;
};

bool is_intermediate(const Tensor& tensor);

/// Producers before consumers; among equals the order of the input. Throws std::logic_error on a cycle.
std::vector<EinsumId> topological_order(const EinsumGraph& graph);

/// The einsums of one cycle, or nothing.
std::vector<EinsumId> find_cycle(const EinsumGraph& graph);

/// |operation space|: product of the rank extents. Throws OverflowError.
std::int64_t operation_space_size(const EinsumGraph& graph, EinsumId einsum);

/// Positions in Einsum::ranks of the ranks that the output projection does not use.
std::vector<std::size_t> reduction_ranks(const Einsum& einsum);

}  // namespace loopsim
