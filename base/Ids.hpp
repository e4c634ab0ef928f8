#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace loopsim {

/// Position of one kind of thing in its table. Ids of different kinds do not mix.
template <class Kind>
struct Id {
  std::uint32_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t v) : value(static_cast<std::uint32_t>(v)) {}

  friend constexpr bool operator==(Id a, Id b) { return a.value == b.value; }
  friend constexpr bool operator!=(Id a, Id b) { return a.value != b.value; }
  friend constexpr bool operator<(Id a, Id b) { return a.value < b.value; }
};

/// A rank (loop dimension) of one einsum; names are unique over the workload.
using RankId = Id<struct RankKind>;
using TensorId = Id<struct TensorKind>;
using EinsumId = Id<struct EinsumKind>;
/// A level of the memory hierarchy, 0 = outermost; the highest is the compute level.
using LevelId = Id<struct LevelKind>;
/// A node of the bound loop tree.
using NodeId = Id<struct NodeKind_>;

/// A table indexed by its own kind of id.
template <class Key, class T>
class IdVector {
 public:
  IdVector() = default;
  explicit IdVector(std::size_t n, const T& value = T()) : items_(n, value) {}

  T& operator[](Key id) { return items_[id.value]; }
  const T& operator[](Key id) const { return items_[id.value]; }
  Key push_back(T item) {
    items_.push_back(std::move(item));
    return Key(items_.size() - 1);
  }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;
};

}  // namespace loopsim

template <class Kind>
struct std::hash<loopsim::Id<Kind>> {
  std::size_t operator()(loopsim::Id<Kind> id) const noexcept { return id.value; }
};
