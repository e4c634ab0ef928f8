#include "trace/rtl/RtlMemories.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

#include "base/LimitError.hpp"

namespace loopsim {

RtlMemories::RtlMemories(const ObservedRun& run) : run_(run), layouts_(run.tree->graph.tensors.size()) {
  for (std::size_t t = 0; t < layouts_.size(); ++t) layouts_[TensorId(t)] = tensor_layout(*run.tree, TensorId(t));
  for (const bool results : {true, false}) {
    for (HoldingIndex n = 0; n < run.nodes->size(); ++n) {
      const HoldingNode& node = (*run.nodes)[n];
      const Tensor& tensor = run.tree->graph.tensors[node.tensor];
      if (node.parent || results != (tensor.writer && tensor.readers.empty())) continue;
      if (results && node.place_size > 0) {
        Diagnostics diagnostics;
        diagnostics.error(run.tree->nodes[node.id].where,
                          fmt::format("the trace 'rtl' needs one memory for the result '{}'; below a spatial loop it "
                                      "lies in several instances",
                                      tensor.name));
        throw InputError(std::move(diagnostics));
      }
      region(n, {});
    }
    if (results) result_words_ = words_;
  }
}

const RtlRegion& RtlMemories::region(HoldingIndex n, const Place& place) {
  const HoldingNode& node = (*run_.nodes)[n];
  const bool input = !node.parent && !run_.tree->graph.tensors[node.tensor].writer;
  const auto [found, added] = found_.try_emplace({n, input ? Place() : place}, regions_.size());
  if (!added) return regions_[found->second];
  RtlRegion region;
  region.first = words_;
  region.words = static_cast<std::int64_t>(layouts_[node.tensor].words);
  region.node = n;
  region.tensor = node.tensor;
  region.level = node.level;
  region.memory = level_name(run_.tree->architecture, node.level);
  region.one_of_several = !found->first.second.empty();
  if (region.one_of_several) region.memory += fmt::format("[{}]", fmt::join(found->first.second, ","));
  region.tensor_name = run_.tree->graph.tensors[node.tensor].name;
  const int ordinal = run_.tree->nodes[node.id].ordinal;
  if (ordinal > 0) region.memory += fmt::format(" (storage {})", ordinal + 1);
  words_ += region.words;
  if (words_ > std::numeric_limits<std::int32_t>::max()) {
    throw LimitError(
        "the trace 'rtl' gives every stored tensor its own addresses and has 2^31 at most; this run needs "
        "more");
  }
  regions_.push_back(std::move(region));
  return regions_.back();
}

std::vector<RtlRun> RtlMemories::runs(const RtlRegion& region, const PointSet& words) const {
  std::vector<RtlRun> runs;
  for (const IndexRun run : index_runs(layouts_[region.tensor], words)) {
    const RtlRun next{region.first + static_cast<std::int64_t>(run.first), static_cast<std::int64_t>(run.count)};
    if (!runs.empty() && runs.back().address + runs.back().words == next.address) {
      runs.back().words += next.words;
    } else {
      runs.push_back(next);
    }
  }
  return runs;
}

bool RtlMemories::stays(const RtlRegion& region) const {
  return region.level == LevelId(0) || is_input(region) || is_result(region);
}

bool RtlMemories::is_input(const RtlRegion& region) const {
  return !(*run_.nodes)[region.node].parent && !run_.tree->graph.tensors[region.tensor].writer;
}

bool RtlMemories::is_result(const RtlRegion& region) const {
  const Tensor& tensor = run_.tree->graph.tensors[region.tensor];
  return !(*run_.nodes)[region.node].parent && tensor.writer && tensor.readers.empty();
}

std::string rtl_name(const std::string& name) {
  std::string plain = name;
  std::replace_if(
      plain.begin(), plain.end(), [](unsigned char c) { return std::isalnum(c) == 0 || c >= 128; }, '_');
  return plain;
}

}  // namespace loopsim
