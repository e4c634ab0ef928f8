#include "workloads/InstanceBounds.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "base/DocumentReader.hpp"
#include "workloads/AffineText.hpp"

namespace loopsim {

namespace {

class BoundsReader {
 public:
  BoundsReader(const DocumentNode& instance, const std::vector<std::string>& dimensions,
               const std::function<std::string(const std::string&)>& unknown, Diagnostics& diagnostics)
      : instance_(instance),
        dimensions_(dimensions),
        unknown_(unknown),
        diagnostics_(diagnostics),
        bounds_(dimensions.size()) {}

  std::vector<std::optional<InstanceBounds>> read() {
    if (instance_.is_map()) {
      read_map();
    } else if (const auto text = read_text(instance_, "instance", diagnostics_)) {
      read_relations(*text);
    } else {
      complete_ = false;
    }
    std::vector<std::optional<InstanceBounds>> result;
    for (std::size_t i = 0; i < bounds_.size(); ++i) result.push_back(settle(i));
    return result;
  }

 private:
  struct Half {
    Coordinate low = std::numeric_limits<Coordinate>::min();
    Coordinate high = std::numeric_limits<Coordinate>::max();
    bool has_low = false;
    bool has_high = false;
    SourcePosition where;  ///< of the last relation or entry that bounds it
  };

  /// Null, and an error, for a name that is no dimension.
  Half* find(const std::string& name, const SourcePosition& where) {
    const auto found = std::find(dimensions_.begin(), dimensions_.end(), name);
    if (found != dimensions_.end()) return &bounds_[static_cast<std::size_t>(found - dimensions_.begin())];
    diagnostics_.error(where, unknown_(name));
    complete_ = false;
    return nullptr;
  }

  void read_map() {
    for (const DocumentEntry& entry : instance_.entries) {
      Half* const bounds = find(entry.key, entry.key_where);
      if (bounds == nullptr) continue;
      const auto extent = read_integer(*entry.value, fmt::format("extent of '{}'", entry.key), diagnostics_,
                                       {1, std::numeric_limits<std::int64_t>::max()});
      complete_ = complete_ && extent.has_value();
      if (extent) *bounds = {0, *extent, true, true, entry.value->where};
    }
  }

  void read_relations(const std::string& text) {
    try {
      for (const NamedBound& bound : parse_bounds(text)) {
        const SourcePosition where = position_within(instance_, bound.offset);
        Half* const all = find(bound.name, where);
        if (all == nullptr) continue;
        all->where = where;
        if (bound.has_low) {
          all->low = std::max(all->low, bound.low);
          all->has_low = true;
        }
        if (bound.has_high) {
          all->high = std::min(all->high, bound.high);
          all->has_high = true;
        }
      }
    } catch (const AffineTextError& error) {
      diagnostics_.error(position_within(instance_, error.offset), fmt::format("instance: {}", error.what()));
      complete_ = false;
    }
  }

  /// A dimension without bounds goes without saying where something else could not be read.
  std::optional<InstanceBounds> settle(std::size_t i) {
    const Half& bounds = bounds_[i];
    const std::string& name = dimensions_[i];
    if (!bounds.has_low || !bounds.has_high) {
      if (!complete_) return std::nullopt;
      const char* missing = bounds.has_low ? "upper bound" : bounds.has_high ? "lower bound" : "bounds";
      const bool half = bounds.has_low || bounds.has_high;
      diagnostics_.error(half ? bounds.where : instance_.where,
                         fmt::format("instance gives no {} of dimension '{}'; expected such as '0 <= {} < {}'", missing,
                                     name, name, bounds.has_high ? bounds.high : 8));
      return std::nullopt;
    }
    if (bounds.low >= bounds.high) {
      diagnostics_.error(bounds.where, fmt::format("dimension '{}' is empty: no value is at least {} and less than {}",
                                                   name, bounds.low, bounds.high));
    }
    return InstanceBounds{bounds.low, bounds.high, bounds.where};
  }

  const DocumentNode& instance_;
  const std::vector<std::string>& dimensions_;
  const std::function<std::string(const std::string&)>& unknown_;
  Diagnostics& diagnostics_;
  std::vector<Half> bounds_;
  bool complete_ = true;
};

}  // namespace

std::vector<std::optional<InstanceBounds>> read_instance(const DocumentNode& instance,
                                                         const std::vector<std::string>& dimensions,
                                                         const std::function<std::string(const std::string&)>& unknown,
                                                         Diagnostics& diagnostics) {
  return BoundsReader(instance, dimensions, unknown, diagnostics).read();
}

}  // namespace loopsim
