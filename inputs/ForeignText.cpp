#include "inputs/ForeignText.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace loopsim {

namespace {

constexpr std::string_view expected = "expected YAML with a list of einsums under 'problem', a mapping and a machine";

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// A ModelProto begins with field 1, the version of the format, and goes on with a text such as the producer's name.
bool is_onnx(const SourceText& source) {
  const std::string_view text = source.text;
  const bool begins_like_one = text.size() > 3 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 &&
                               (text[2] == '\x12' || text[2] == '\x3a' || text[2] == '\x42');
  return begins_like_one || (ends_with(source.name, ".onnx") && text.find('\0') != std::string_view::npos);
}

/// Where a line begins with one of these words, from 0; -1 if none does. Blanks before it do not count.
int line_that_begins_with(std::string_view text, std::initializer_list<std::string_view> words) {
  constexpr int most_lines = 1000;
  for (int line = 0; line < most_lines && !text.empty(); ++line) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const std::string_view rest = text.substr(begin);
    if (std::any_of(words.begin(), words.end(), [&](std::string_view w) { return rest.substr(0, w.size()) == w; })) {
      return line;
    }
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return -1;
}

}  // namespace

bool report_foreign_text(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics) {
  if (is_onnx(*source)) {
    diagnostics.error({source, 0, 0}, fmt::format("this is an ONNX model, which is not read; {}", expected));
    diagnostics.note({}, "each of its layers is an einsum; 'loopsim presets' lists workloads to begin with");
    return true;
  }
  const std::string_view text = source->text;
  const int config = line_that_begins_with(text, {"[architecture_presets]", "[run_presets]", "ArrayHeight"});
  if (config >= 0) {
    diagnostics.error({source, config + 1, 1},
                      fmt::format("this is a configuration of SCALE-Sim, which is not read; {}", expected));
    diagnostics.note({}, "ArrayWidth and ArrayHeight are simulation.pe.mesh, the SRAMs' sizes a component's 'sizeKB'");
    return true;
  }
  const int topology = line_that_begins_with(text, {"Layer name, IFMAP", "Layer name,IFMAP", "Layer, M, N, K",
                                                    "Layer,M,N,K", "Layer name, M, N, K", "Layer name,M,N,K"});
  if (topology == 0) {
    diagnostics.error({source, 1, 1}, fmt::format("this is a topology of SCALE-Sim, which is not read; {}", expected));
    diagnostics.note({}, "each line is a layer: an einsum with its sizes as 'instance'");
    return true;
  }
  const bool directive = text.find("TemporalMap(") != std::string_view::npos ||
                         text.find("SpatialMap(") != std::string_view::npos ||
                         text.find("TemporalMap (") != std::string_view::npos;
  const int network = line_that_begins_with(text, {"Network ", "Dataflow", "Layer "});
  if (network >= 0 && (directive || text.find("Dimensions") != std::string_view::npos)) {
    diagnostics.error({source, network + 1, 1},
                      fmt::format("this is a network or dataflow of MAESTRO, which is not read; {}", expected));
    diagnostics.note({},
                     "Dimensions are an einsum's 'instance', TemporalMap and SpatialMap 'temporal' and 'spatial' "
                     "loops with that size as 'tile_shape'");
    return true;
  }
  return false;
}

}  // namespace loopsim
