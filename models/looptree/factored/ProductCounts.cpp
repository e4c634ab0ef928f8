#include "models/looptree/factored/ProductCounts.hpp"

#include <array>

#include "base/CheckedMath.hpp"

namespace loopsim {

namespace {

/// Words by (held_before, held_at_peer_time): those flags of a product are the conjunction of the factors' flags.
using FlagPairs = std::array<std::int64_t, 4>;
constexpr unsigned pair_mask = held_before | held_at_peer_time;

constexpr std::uint8_t only_held = 1U << held_before;

/// Without peers a word is left out of the fill iff all factors held it, and of the parent's reads iff they did so in
/// every lane that needs it.
MovedWords without_peers(const std::vector<FactorCounts>& factors) {
  std::int64_t all = 1;
  std::int64_t held = 1;
  std::int64_t all_words = 1;
  std::int64_t held_words = 1;
  for (const FactorCounts& factor : factors) {
    const FlagCounts& counts = *factor.counts;
    all = checked_multiply(all, counts.total_in_lanes());
    held = checked_multiply(held, counts.in_lanes[held_before]);
    all_words = checked_multiply(all_words, counts.total_words());
    const auto kept = counts.words.find(only_held);
    held_words = checked_multiply(held_words, kept == counts.words.end() ? 0 : kept->second);
  }
  return {all - held, 0, all_words - held_words};
}

FlagPairs without_lanes(const std::vector<FactorCounts>& factors) {
  FlagPairs product{};
  product[pair_mask] = 1;
  for (const FactorCounts& factor : factors) {
    if (factor.has_lanes) continue;
    FlagPairs next{};
    for (unsigned a = 0; a < product.size(); ++a) {
      for (unsigned b = 0; b < flag_combinations; ++b) {
        std::int64_t& sum = next[a & b & pair_mask];
        sum = checked_add(sum, checked_multiply(product[a], factor.counts->in_lanes[b]));
      }
    }
    product = next;
  }
  return product;
}

/// Is a word with these flags in the lane-less factors and the two with lanes in the fill?
bool is_filled(unsigned rest, unsigned x, unsigned y) {
  return !(rest & x & y & held_before);
}

/// Has a neighbour along either axis it?
bool is_at_peer(unsigned rest, unsigned x, unsigned y) {
  if (!(rest & held_at_peer_time)) return false;
  return ((x & held_by_peer) && (y & held_at_peer_time)) || ((x & held_at_peer_time) && (y & held_by_peer));
}

bool parent_must_serve(unsigned rest, std::uint8_t x_combinations, std::uint8_t y_combinations) {
  for (unsigned x = 0; x < flag_combinations; ++x) {
    if (!(x_combinations >> x & 1U)) continue;
    for (unsigned y = 0; y < flag_combinations; ++y) {
      if (!(y_combinations >> y & 1U)) continue;
      if (is_filled(rest, x, y) && !is_at_peer(rest, x, y)) return true;
    }
  }
  return false;
}

MovedWords with_two_axes(const FlagPairs& rest, const FlagCounts& x_factor, const FlagCounts& y_factor) {
  MovedWords moved;
  for (unsigned r = 0; r < rest.size(); ++r) {
    if (rest[r] == 0) continue;
    for (unsigned x = 0; x < flag_combinations; ++x) {
      for (unsigned y = 0; y < flag_combinations; ++y) {
        if (!is_filled(r, x, y)) continue;
        const std::int64_t lanes = checked_multiply(x_factor.in_lanes[x], y_factor.in_lanes[y]);
        const std::int64_t words = checked_multiply(rest[r], lanes);
        moved.fills = checked_add(moved.fills, words);
        if (is_at_peer(r, x, y)) moved.peer = checked_add(moved.peer, words);
      }
    }
    for (const auto& [x, x_words] : x_factor.words) {
      for (const auto& [y, y_words] : y_factor.words) {
        if (!parent_must_serve(r, x, y)) continue;
        const std::int64_t words = checked_multiply(rest[r], checked_multiply(x_words, y_words));
        moved.parent_reads = checked_add(moved.parent_reads, words);
      }
    }
  }
  return moved;
}

}  // namespace

MovedWords moved_words(const std::vector<FactorCounts>& factors, bool with_peers) {
  if (!with_peers) return without_peers(factors);
  std::vector<const FlagCounts*> axes;
  for (const FactorCounts& factor : factors) {
    if (factor.has_lanes) axes.push_back(factor.counts);
  }
  // In place of a missing axis: one word, held at both times, that no neighbour has.
  FlagCounts neutral;
  neutral.in_lanes[pair_mask] = 1;
  neutral.words[1U << pair_mask] = 1;
  while (axes.size() < 2) axes.push_back(&neutral);
  return with_two_axes(without_lanes(factors), *axes[0], *axes[1]);
}

}  // namespace loopsim
