#include "inputs/WorkloadSettings.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <string>

#include "base/CheckedMath.hpp"
#include "mapping/ReachCheck.hpp"
#include "workloads/OperationName.hpp"

namespace loopsim {

namespace {

constexpr std::array operations = {Operation::mac, Operation::add, Operation::sub,  Operation::mul, Operation::max,
                                   Operation::exp, Operation::div, Operation::relu, Operation::copy};

template <class Key, class Item>
std::optional<Key> find_named(const IdVector<Key, Item>& items, const std::string& name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[Key(i)].name == name) return Key(i);
  }
  return std::nullopt;
}

template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const auto& item : table) names.push_back(item.name);
  return names;
}

class WorkloadApplier {
 public:
  WorkloadApplier(EinsumGraph& graph, Diagnostics& diagnostics) : graph_(graph), diagnostics_(diagnostics) {}

  void apply(const SimulationSetting& setting) {
    const std::string_view path = setting.key->path;
    if (path.rfind("tensors.", 0) == 0) {
      const auto tensor = find(graph_.tensors, setting, "tensor");
      if (tensor) apply_to_tensor(graph_.tensors[*tensor], setting);
    } else if (path.rfind("einsums.", 0) == 0) {
      const auto einsum = find(graph_.einsums, setting, "einsum");
      if (einsum) apply_to_einsum(graph_.einsums[*einsum], setting);
    } else if (path == "pe.partition.STAGE") {
      check_stage(setting);
    }
  }

 private:
  template <class Key, class Item>
  std::optional<Key> find(const IdVector<Key, Item>& items, const SimulationSetting& setting, const char* kind) {
    const auto found = find_named(items, setting.name);
    if (!found && reported_.insert(kind + setting.name).second) {
      diagnostics_.error(setting.name_where, fmt::format("unknown {} '{}'{}", kind, setting.name,
                                                         did_you_mean(setting.name, names_of(items))));
    }
    return found;
  }

  void apply_to_tensor(Tensor& tensor, const SimulationSetting& setting) {
    if (setting.is("tensors.NAME.bits")) {
      tensor.bits = setting.integer();
      return;
    }
    if (setting.is("tensors.NAME.fill_after_copies")) {
      tensor.fill_after_copies = setting.boolean();
      return;
    }
    if (setting.is("tensors.NAME.layout")) {
      tensor.layout = setting.word();
      tensor.layout_where = setting.where;
      return;
    }
    if (setting.is("tensors.NAME.first_bank")) {
      tensor.first_bank = setting.integer();
      return;
    }
    std::vector<Coordinate> shape;
    for (const IntegerOrInfinity& extent : setting.list()) shape.push_back(*extent);
    if (shape.size() != tensor.dimensions.size()) {
      diagnostics_.error(setting.where,
                         fmt::format("tensor '{}' has {} dimensions ({}), its shape {}", tensor.name,
                                     tensor.dimensions.size(), fmt::join(tensor.dimensions, ", "), shape.size()));
      return;
    }
    try {
      std::int64_t words = 1;
      for (const Coordinate extent : shape) words = checked_multiply(words, extent);
    } catch (const OverflowError&) {
      diagnostics_.error(setting.where, fmt::format("tensor '{}' has more than 2^63 - 1 words", tensor.name));
      return;
    }
    tensor.shape = std::move(shape);
    check_shape(graph_, *find_named(graph_.tensors, setting.name), setting.where, diagnostics_);
  }

  void apply_to_einsum(Einsum& einsum, const SimulationSetting& setting) {
    if (setting.is("einsums.NAME.steps")) {
      einsum.steps_per_operation = setting.integer();
    } else if (setting.is("einsums.NAME.energy")) {
      einsum.energy_pj = setting.number();
    } else {
      einsum.operation = *std::find_if(operations.begin(), operations.end(), [&](Operation operation) {
        return setting.word() == operation_name(operation);
      });
      check_operands(einsum, setting);
    }
  }

  void check_operands(const Einsum& einsum, const SimulationSetting& setting) {
    std::size_t wanted = 0;
    switch (einsum.operation) {
      case Operation::exp:
      case Operation::relu:
      case Operation::copy:
        wanted = 1;
        break;
      case Operation::sub:
      case Operation::div:
        wanted = 2;
        break;
      default:
        break;
    }
    if (wanted != 0 && einsum.inputs.size() != wanted) {
      diagnostics_.error(setting.where,
                         fmt::format("operation '{}' takes {} operand{}; einsum '{}' reads {} tensors", setting.word(),
                                     wanted, wanted == 1 ? "" : "s", einsum.name, einsum.inputs.size()));
    }
    const auto reduced = reduction_ranks(einsum);
    if (einsum.operation == Operation::mac || einsum.operation == Operation::max || reduced.empty()) return;
    diagnostics_.error(setting.where,
                       fmt::format("operation '{}' writes each word once, but einsum '{}' reduces over '{}'; "
                                   "only mac and max reduce",
                                   setting.word(), einsum.name, graph_.ranks[einsum.ranks[reduced.front()]].name));
  }

  void check_stage(const SimulationSetting& setting) {
    std::size_t begin = 0;
    while (begin <= setting.name.size()) {
      const std::size_t end = std::min(setting.name.find('+', begin), setting.name.size());
      const std::string einsum = setting.name.substr(begin, end - begin);
      if (!find_named(graph_.einsums, einsum)) {
        diagnostics_.error(setting.name_where, fmt::format("stage '{}': unknown einsum '{}'{}", setting.name, einsum,
                                                           did_you_mean(einsum, names_of(graph_.einsums))));
      }
      begin = end + 1;
    }
  }

  EinsumGraph& graph_;
  Diagnostics& diagnostics_;
  std::set<std::string> reported_;
};

}  // namespace

void apply_settings(EinsumGraph& graph, const std::vector<SimulationSetting>& settings, Diagnostics& diagnostics) {
  WorkloadApplier applier(graph, diagnostics);
  for (const SimulationSetting& setting : settings) applier.apply(setting);
}

}  // namespace loopsim
