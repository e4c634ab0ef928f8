#pragma once

#include "mapping/sets/PointSet.hpp"

namespace loopsim {

/// Whether the word that an operation reaches changes with its coordinate of a rank.
bool depends_on(const TensorAccess& access, std::size_t rank);

/// Words of a tensor that a set of operations reaches. Exact also where a rank appears in several dimensions.
PointSet image(const TensorAccess& access, const PointSet& operations);
PointSet image(const TensorAccess& access, const Box& operations);

/// Operations within `space` whose output word lies in `words`. Output projections map each dimension to one rank of
/// its own, so the inverse image of a box is a box; ranks that the projection does not use are whole.
PointSet inverse_image(const TensorAccess& output, const PointSet& words, const PointSet& space);

/// The operation space of an einsum.
Box operation_space(const EinsumGraph& graph, EinsumId einsum);

}  // namespace loopsim
