#include "trace/rtl/RtlImages.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <iterator>
#include <set>
#include <stdexcept>

#include "sim/functional/ReferenceEvaluation.hpp"

namespace loopsim {

namespace {

constexpr int functional_bits = 64;

/// The low bits of the result follow from the low bits of the operands.
bool wraps(Operation operation) {
  switch (operation) {
    case Operation::mac:
    case Operation::mul:
    case Operation::add:
    case Operation::sub:
    case Operation::copy:
      return true;
    case Operation::max:
    case Operation::exp:
    case Operation::div:
    case Operation::relu:
      return false;
  }
  return false;
}

IdVector<TensorId, std::string> image_names(const EinsumGraph& graph) {
  IdVector<TensorId, std::string> names(graph.tensors.size());
  std::set<std::string> taken;
  for (std::size_t t = 0; t < names.size(); ++t) {
    const Tensor& tensor = graph.tensors[TensorId(t)];
    if (tensor.writer && !tensor.readers.empty()) continue;
    std::string name = rtl_name(tensor.name);
    if (!taken.insert(name).second) name += fmt::format("_{}", t);
    taken.insert(name);
    names[TensorId(t)] = name + (tensor.writer ? ".expected.hex" : ".hex");
  }
  return names;
}

std::vector<std::int64_t> input_values(const Tensor& tensor, const TensorLayout& layout) {
  const std::uint64_t seed = input_seed(tensor.name);
  std::vector<std::int64_t> values;
  values.reserve(layout.words);
  for (std::size_t i = 0; i < layout.words; ++i) {
    const std::vector<Coordinate> at = layout.coordinates_of(i);
    values.push_back(input_value(seed, at.data(), at.size()));
  }
  return values;
}

void write_image(TraceFile& image, const std::vector<std::int64_t>& values, int word_bits) {
  const std::uint64_t mask = ~std::uint64_t{0} >> (functional_bits - word_bits);
  std::string line;
  for (const std::int64_t value : values) {
    line.clear();
    fmt::format_to(std::back_inserter(line), FMT_COMPILE("{:0{}x}\n"), static_cast<std::uint64_t>(value) & mask,
                   word_bits / 4);
    image.write(line);
  }
}

}  // namespace

void check_word_bits(const EinsumGraph& graph, int word_bits) {
  if (word_bits == functional_bits) return;
  Diagnostics diagnostics;
  for (const Einsum& einsum : graph.einsums) {
    if (wraps(einsum.operation)) continue;
    diagnostics.error(einsum.where, fmt::format("the trace 'rtl:{}' keeps the low {} bits of each word, from which the "
                                                "results of einsum '{}' do not follow; leave ':{}' out",
                                                word_bits, word_bits, einsum.name, word_bits));
  }
  if (diagnostics.has_errors()) throw InputError(std::move(diagnostics));
}

RtlImages write_rtl_images(const std::filesystem::path& folder, const EinsumGraph& graph, const RtlMemories& memories,
                           int word_bits) {
  RtlImages images;
  images.names = image_names(graph);
  const IdVector<TensorId, DenseTensor> results = evaluate_reference(graph);
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    const TensorId id(t);
    if (images.names[id].empty()) continue;
    const TensorLayout& layout = memories.layout(id);
    TraceFile& image = *images.files.emplace_back(std::make_unique<TraceFile>(folder, images.names[id]));
    if (!graph.tensors[id].writer) {
      write_image(image, input_values(graph.tensors[id], layout), word_bits);
    } else if (results[id].values.size() == layout.words) {
      write_image(image, results[id].values, word_bits);
    } else {
      throw std::logic_error("a result's words differ in number");
    }
  }
  return images;
}

void RtlImages::finish() {
  for (const std::unique_ptr<TraceFile>& file : files) file->finish();
}

}  // namespace loopsim
