#include "inputs/ResolvedYaml.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <variant>
#include <vector>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/stlemitter.h>

#include "arch/BoundlessRate.hpp"
#include "arch/FidelityName.hpp"
#include "inputs/ArchitectureSettings.hpp"
#include "inputs/WorkloadSettings.hpp"
#include "workloads/OperationName.hpp"

namespace loopsim {

namespace {

constexpr double picojoule_hertz_per_microwatt = 1e6;

class Writer {
 public:
  explicit Writer(const Inputs& inputs) : inputs_(inputs), machine_(inputs.architecture) {}

  std::string write() {
    out_ << YAML::BeginMap;
    if (!machine_.built_in_ideal) write_architecture();
    write_energies();
    write_problem();
    out_ << YAML::Key << "mapping" << YAML::Value << YAML::BeginMap << YAML::Key << "type" << YAML::Value << "fused"
         << YAML::Key << "nodes" << YAML::Value;
    write_branch(inputs_.tree.nodes);
    out_ << YAML::EndMap;
    if (!inputs_.bindings.empty()) write_bindings();
    write_simulation();
    out_ << YAML::EndMap;
    return std::string(out_.c_str()) + "\n";
  }

 private:
  template <class Value>
  void entry(const std::string& key, const Value& value) {
    out_ << YAML::Key << key << YAML::Value << value;
  }

  void number(const std::string& key, double value) { entry(key, fmt::format("{}", value)); }

  void flag(const std::string& key, bool value) { entry(key, value ? "true" : "false"); }

  void begin(const std::string& key) { out_ << YAML::Key << key << YAML::Value << YAML::BeginMap; }

  void list(const std::string& key, const std::vector<std::string>& items) {
    out_ << YAML::Key << key << YAML::Value << YAML::Flow << items;
  }

  static std::string limit(const std::optional<std::int64_t>& value) {
    return value && *value < boundless_bits_per_second ? std::to_string(*value) : "inf";
  }

  void write_architecture() {
    begin("architecture");
    entry("version", "0.4");
    out_ << YAML::Key << "nodes" << YAML::Value << YAML::BeginSeq;
    for (const MemoryLevel& memory : machine_.memories) {
      const char* kind = memory.kind == MemoryKind::dram   ? "DRAM"
                         : memory.kind == MemoryKind::sram ? "SRAM"
                                                           : "regfile";
      begin_component(memory.name, kind);
      entry("datawidth", memory.datawidth_bits);
      entry("width", memory.width_bits);
      if (!memory.dram_type.empty()) entry("type", memory.dram_type);
      out_ << YAML::EndMap << YAML::EndMap;
    }
    begin_component(machine_.compute.name, "intmac");
    entry("datawidth", machine_.compute.datawidth_bits);
    out_ << YAML::EndMap << YAML::EndMap << YAML::EndSeq << YAML::EndMap;
  }

  void begin_component(const std::string& name, const char* kind) {
    out_ << YAML::LocalTag("Component") << YAML::BeginMap;
    entry("name", name);
    entry("class", kind);
    out_ << YAML::Key << "attributes" << YAML::Value << YAML::Flow << YAML::BeginMap;
  }

  /// Energies from a table of the input; the defaults follow from the components.
  void write_energies() {
    const auto from_table = [](const std::string& source) { return source.rfind("ERT", 0) == 0; };
    bool any = from_table(machine_.compute.energy_source);
    for (const MemoryLevel& memory : machine_.memories) any = any || from_table(memory.energy.source);
    if (!any) return;
    begin("ERT");
    entry("version", "0.4");
    out_ << YAML::Key << "tables" << YAML::Value << YAML::BeginSeq;
    for (const MemoryLevel& memory : machine_.memories) {
      if (!from_table(memory.energy.source)) continue;
      begin_table(memory.name);
      action("read", memory.energy.read_pj);
      action("write", memory.energy.write_pj);
      leakage(memory.energy.leakage_uw);
      out_ << YAML::EndSeq << YAML::EndMap;
    }
    if (from_table(machine_.compute.energy_source)) {
      begin_table(machine_.compute.name);
      for (const auto& [name, pj] : machine_.compute.operation_pj) action(name, pj);
      leakage(machine_.compute.leakage_uw);
      out_ << YAML::EndSeq << YAML::EndMap;
    }
    out_ << YAML::EndSeq << YAML::EndMap;
  }

  void begin_table(const std::string& name) {
    out_ << YAML::BeginMap;
    entry("name", name);
    out_ << YAML::Key << "actions" << YAML::Value << YAML::BeginSeq;
  }

  void action(const std::string& name, double pj) {
    out_ << YAML::Flow << YAML::BeginMap;
    entry("name", name);
    number("energy", pj);
    out_ << YAML::EndMap;
  }

  void leakage(double microwatts) {
    if (microwatts > 0) {
      action("leak", microwatts * picojoule_hertz_per_microwatt / static_cast<double>(machine_.clock_hz));
    }
  }

  void write_problem() {
    const EinsumGraph& graph = inputs_.graph;
    out_ << YAML::Key << "problem" << YAML::Value << YAML::BeginSeq;
    for (const Einsum& einsum : graph.einsums) {
      std::vector<std::string> ranks;
      std::vector<std::string> bounds;
      for (const RankId id : einsum.ranks) {
        const Rank& rank = graph.ranks[id];
        ranks.push_back(rank.name);
        bounds.push_back(fmt::format("{} <= {} < {}", rank.low, rank.name, rank.high));
      }
      out_ << YAML::BeginMap;
      begin("shape");
      entry("name", einsum.name);
      list("dimensions", ranks);
      out_ << YAML::Key << "data_spaces" << YAML::Value << YAML::BeginSeq;
      write_accesses(einsum, ranks);
      out_ << YAML::EndSeq << YAML::EndMap;
      entry("instance", fmt::format("{}", fmt::join(bounds, " and ")));
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }

  /// The output goes where it keeps the order in which tensors first appear, since reports follow that order.
  void write_accesses(const Einsum& einsum, const std::vector<std::string>& ranks) {
    bool output_is_written = false;
    for (const TensorAccess& access : einsum.inputs) {
      if (!output_is_written && einsum.output.tensor < access.tensor) {
        write_access(einsum.output, ranks, true);
        output_is_written = true;
      }
      write_access(access, ranks, false);
    }
    if (!output_is_written) write_access(einsum.output, ranks, true);
  }

  void write_access(const TensorAccess& access, const std::vector<std::string>& ranks, bool is_output) {
    const Tensor& tensor = inputs_.graph.tensors[access.tensor];
    std::vector<std::string> expressions;
    for (const AffineExpression& expression : access.projection) expressions.push_back(text_of(expression, ranks));
    out_ << YAML::BeginMap;
    entry("name", tensor.name);
    list("dimensions", tensor.dimensions);
    entry("projection", fmt::format("[ {} ]", fmt::join(expressions, ", ")));
    if (is_output) flag("read_write", true);
    out_ << YAML::EndMap;
  }

  static std::string text_of(const AffineExpression& expression, const std::vector<std::string>& ranks) {
    std::string text;
    for (const AffineTerm& term : expression.terms) {
      if (!text.empty()) text += " + ";
      text += term.coefficient == 1 ? ranks[term.rank] : fmt::format("{}*{}", term.coefficient, ranks[term.rank]);
    }
    if (text.empty() || expression.constant != 0)
      text += (text.empty() ? "" : " + ") + std::to_string(expression.constant);
    return text;
  }

  void write_branch(const LoopTreeBranch& branch) {
    out_ << YAML::BeginSeq;
    for (const LoopTreeNode& node : branch) {
      if (!std::holds_alternative<BranchSpec>(node.spec)) out_ << YAML::Flow;
      out_ << YAML::BeginMap;
      std::visit([this](const auto& spec) { write_spec(spec); }, node.spec);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }

  void write_spec(const LoopSpec& loop) {
    entry("type", loop.kind == LoopSpec::Kind::spatial ? "spatial" : "temporal");
    entry("rank", loop.rank);
    if (loop.tile_shape) entry("tile_shape", *loop.tile_shape);
    if (loop.factor) entry("factor", *loop.factor);
    if (loop.mesh_axis) entry("spatial", *loop.mesh_axis);
  }

  void write_spec(const StorageSpec& storage) {
    entry("type", "storage");
    entry("target", storage.target);
    list("dspace", storage.tensors);
    if (!storage.exploits_reuse) flag("exploits_reuse", false);
  }

  void write_spec(const ComputeSpec& compute) {
    entry("type", "compute");
    entry("einsum", compute.einsum);
    entry("target", compute.target);
    if (compute.parallelism) number("parallelism", *compute.parallelism);
  }

  void write_spec(const BranchSpec& branches) {
    entry("type", branches.kind == BranchSpec::Kind::pipeline ? "pipeline" : "sequential");
    out_ << YAML::Key << "branches" << YAML::Value << YAML::BeginSeq;
    for (const LoopTreeBranch& branch : branches.branches) write_branch(branch);
    out_ << YAML::EndSeq;
  }

  void write_bindings() {
    begin("bindings");
    for (const auto& [level, name] : inputs_.bindings) entry(std::to_string(level), name);
    out_ << YAML::EndMap;
  }

  void write_jedec(const DramSettings& dram) {
    const DramControllerSettings& controller = dram.controller;
    entry("part", dram_part_name(machine_));
    entry("mapping", dram.mapping);
    entry("channels", dram.channels);
    if (dram.ranks) entry("ranks", *dram.ranks);
    entry("queue", controller.queue_depth);
    entry("scheduler", controller.scheduler == DramScheduler::fcfs ? "fcfs" : "frfcfs");
    entry("page", controller.page == DramPage::closed ? "closed" : "open");
    entry("refresh", controller.refresh == DramRefresh::off        ? "off"
                     : controller.refresh == DramRefresh::per_bank ? "bank"
                                                                   : "all");
  }

  void write_simulation() {
    begin("simulation");
    entry("version", 1);
    entry("clock", machine_.clock_hz);
    entry("fidelity", fidelity_word(machine_.default_fidelity));
    entry("prefetch", machine_.prefetch);
    write_array();
    begin("levels");
    for (const MemoryLevel& memory : machine_.memories) write_level(memory);
    out_ << YAML::EndMap;
    begin("dram");
    entry("burst", machine_.dram.burst_bits);
    flag("separate_channels", machine_.dram.separate_channels);
    write_jedec(machine_.dram);
    out_ << YAML::EndMap;
    begin("noc");
    entry("bandwidth", limit(machine_.bus.bits_per_second));
    entry("latency", machine_.bus.latency_cycles);
    write_network();
    out_ << YAML::EndMap;
    write_tensors();
    begin("einsums");
    for (const Einsum& einsum : inputs_.graph.einsums) {
      begin(einsum.name);
      entry("operation", operation_name(einsum.operation));
      entry("steps", einsum.steps_per_operation);
      if (einsum.energy_pj) number("energy", *einsum.energy_pj);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndMap << YAML::EndMap;
  }

  void write_network() {
    const NocSettings& noc = *machine_.noc;
    entry("topology", noc.topology);
    if (noc.flit_bits) entry("flit", *noc.flit_bits);
    entry("networks", noc.networks);
    if (noc.buffer_ports) entry("buffer_ports", *noc.buffer_ports);
    if (noc.side_ports) entry("side_ports", *noc.side_ports);
    entry("dram_ports", noc.dram_ports);
    entry("virtual_channels", noc.virtual_channels);
    entry("buffer", noc.buffer_flits);
    entry("routing_delay", noc.routing_delay);
    entry("vc_allocation_delay", noc.vc_allocation_delay);
    entry("switch_allocation_delay", noc.switch_allocation_delay);
    entry("switch_traversal_delay", noc.switch_traversal_delay);
    entry("link_delay", noc.link_delay);
    entry("credit_delay", noc.credit_delay);
    number("hop_energy", noc.hop_pj_per_bit);
  }

  void write_array() {
    const PeMesh& mesh = machine_.mesh;
    begin("pe");
    list("mesh", {limit(mesh.columns), limit(mesh.rows)});
    if (!mesh.partition.empty()) {
      begin("partition");
      for (const auto& [stage, columns] : mesh.partition) entry(stage, columns);
      out_ << YAML::EndMap;
    }
    entry("operation_overhead", mesh.operation_overhead_cycles);
    entry("operation_latency", mesh.operation_latency_cycles);
    entry("adder_latency", mesh.adder_latency_cycles);
    flag("hold_results", mesh.hold_results);
    out_ << YAML::EndMap;
  }

  void write_level(const MemoryLevel& memory) {
    begin(memory.name);
    entry("size", memory.size_bits ? std::to_string(*memory.size_bits) : "inf");
    entry("datawidth", memory.datawidth_bits);
    entry("width", memory.width_bits);
    const PortBandwidth& ports = memory.bandwidth;
    if (ports.unlimited() || ports.shared) entry("bandwidth", limit(ports.shared));
    if (ports.read) entry("read_bandwidth", limit(ports.read));
    if (ports.write) entry("write_bandwidth", limit(ports.write));
    entry("latency", memory.latency_cycles);
    entry("transfer_overhead", memory.transfer_overhead_cycles);
    flag("refetch", memory.refetch);
    flag("early_write_back", memory.early_write_back);
    if (memory.copy_bandwidth) entry("copy_bandwidth", *memory.copy_bandwidth);
    if (memory.banks) {
      entry("banks", memory.banks->count);
      entry("bank_ports", memory.banks->dual_ported ? "dual" : "single");
      entry("line_bits", memory.line_bits());
    }
    out_ << YAML::EndMap;
  }

  static bool has_settings(const Tensor& tensor) {
    return tensor.shape || tensor.bits || tensor.fill_after_copies || !tensor.layout.empty() || tensor.first_bank;
  }

  void write_tensors() {
    const auto& tensors = inputs_.graph.tensors;
    if (std::none_of(tensors.begin(), tensors.end(), has_settings)) return;
    begin("tensors");
    for (const Tensor& tensor : tensors) {
      if (!has_settings(tensor)) continue;
      begin(tensor.name);
      if (tensor.shape) out_ << YAML::Key << "shape" << YAML::Value << YAML::Flow << *tensor.shape;
      if (tensor.bits) entry("bits", *tensor.bits);
      if (tensor.fill_after_copies) flag("fill_after_copies", true);
      if (!tensor.layout.empty()) entry("layout", tensor.layout);
      if (tensor.first_bank) entry("first_bank", *tensor.first_bank);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndMap;
  }

  const Inputs& inputs_;
  const Architecture& machine_;
  YAML::Emitter out_;
};

}  // namespace

std::string resolved_yaml(const Inputs& inputs) {
  return Writer(inputs).write();
}

}  // namespace loopsim
