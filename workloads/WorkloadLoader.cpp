#include "workloads/WorkloadLoader.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>

#include "base/DocumentReader.hpp"
#include "workloads/AffineText.hpp"
#include "workloads/InstanceBounds.hpp"
#include "workloads/WorkloadSizes.hpp"

namespace loopsim {

namespace {

/// Names appear in metric names and stage names, whose separators they must not contain.
bool is_usable_name(const std::string& name) {
  return std::none_of(name.begin(), name.end(), [](char c) {
    return std::iscntrl(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '+' || c == ',';
  });
}

bool is_identifier(const std::string& name) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '\''; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 && name[0] != '\'' &&
         std::all_of(name.begin(), name.end(), fits);
}

class WorkloadLoader {
 public:
  EinsumGraph load(const DocumentNode& problem) {
    const auto* shapes = read_list(problem, "problem", diagnostics_);
    if (shapes == nullptr) return {};
    if (shapes->empty()) diagnostics_.error(problem.where, "problem: expected at least one einsum");
    for (const DocumentNodePtr& item : *shapes) load_item(*item);
    if (!diagnostics_.has_errors()) check_cycles();
    if (!diagnostics_.has_errors()) check_sizes(graph_, diagnostics_);
    return std::move(graph_);
  }

  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  struct RankOwner {
    RankId rank;
    SourcePosition where;  ///< in `dimensions`; Rank::where is that of its bounds
  };

  void load_item(const DocumentNode& item) {
    MapReader reader(item, "an entry of problem", diagnostics_);
    const DocumentNodePtr shape = reader.required("shape");
    const DocumentNodePtr instance = reader.optional("instance");
    reader.ignore("version");
    const bool misspelt_instance = !instance && reader.report_misspelling({"instance"});
    reader.finish();
    if (shape) load_shape(*shape, instance, misspelt_instance);
  }

  void load_shape(const DocumentNode& shape, DocumentNodePtr instance, bool misspelt_instance) {
    MapReader reader(shape, "a shape", diagnostics_);
    Einsum einsum;
    einsum.where = shape.where;
    const EinsumId id(graph_.einsums.size());
    if (const auto name = reader.required("name")) {
      einsum.where = name->where;
      if (const auto text = read_text(*name, "name of an einsum", diagnostics_)) einsum.name = *text;
      if (!is_usable_name(einsum.name)) {
        diagnostics_.error(name->where, fmt::format("einsum name '{}' may not contain '/', '+' or ','", einsum.name));
      }
      for (const Einsum& other : graph_.einsums) {
        if (!einsum.name.empty() && other.name == einsum.name) {
          diagnostics_.error(name->where, fmt::format("there are two einsums '{}'; the first is at {}", einsum.name,
                                                      describe(other.where)));
        }
      }
    }
    if (const auto dimensions = reader.required("dimensions")) load_ranks(*dimensions, id, einsum);
    const DocumentNodePtr spaces = reader.required("data_spaces", {"dataspaces"});
    if (const auto inner = reader.optional("instance")) {
      if (instance) {
        diagnostics_.error(inner->where, fmt::format("einsum '{}' has 'instance' inside and beside its shape, at {}",
                                                     einsum.name, describe(instance->where)));
      }
      instance = inner;
    }
    if (reader.optional("coefficients")) {
      diagnostics_.error(shape.where,
                         "coefficients belong to Timeloop's single-layer problems; write numbers into the "
                         "projections, as in '[ 2*P1 + R1 ]'");
    }
    reader.ignore("version");
    misspelt_instance = misspelt_instance || (!instance && reader.report_misspelling({"instance"}));
    reader.finish();
    const bool usable = !einsum.ranks.empty();  // else every use of a dimension would be one more error
    if (instance) {
      if (usable) load_bounds(*instance, einsum);
    } else if (!misspelt_instance) {
      diagnostics_.error(shape.where, fmt::format("einsum '{}' lacks 'instance', the bounds of its dimensions, such as "
                                                  "'0 <= P1 < 128'",
                                                  einsum.name));
    }
    if (spaces && usable) load_data_spaces(*spaces, id, einsum);
    graph_.einsums.push_back(std::move(einsum));
  }

  void load_ranks(const DocumentNode& dimensions, EinsumId id, Einsum& einsum) {
    const auto* names = read_list(dimensions, "dimensions", diagnostics_);
    if (names == nullptr) return;
    if (names->empty()) diagnostics_.error(dimensions.where, fmt::format("einsum '{}' has no dimensions", einsum.name));
    for (const DocumentNodePtr& node : *names) {
      const auto name = read_text(*node, "dimension", diagnostics_);
      if (!name) continue;
      if (!is_identifier(*name)) {
        diagnostics_.error(node->where,
                           fmt::format("'{}' cannot name a dimension; use letters, digits and '_'", *name));
        continue;
      }
      const auto [found, is_new] = rank_owner_.emplace(*name, RankOwner{RankId(graph_.ranks.size()), node->where});
      if (!is_new) {
        const Rank& other = graph_.ranks[found->second.rank];
        diagnostics_.error(node->where,
                           other.einsum == id
                               ? fmt::format("dimension '{}' is listed twice", *name)
                               : fmt::format("dimension '{}' of einsum '{}' is a dimension of einsum '{}' too (at {}); "
                                             "give each einsum names of its own, such as '{}_{}'",
                                             *name, einsum.name, graph_.einsums[other.einsum].name,
                                             describe(found->second.where), *name, einsum.name));
      }
      if (is_new || graph_.ranks[found->second.rank].einsum != id) {
        einsum.ranks.push_back(graph_.ranks.push_back({*name, id, 0, 0, node->where}));
      }
    }
  }

  std::optional<std::size_t> find_rank(const Einsum& einsum, const std::string& name) const {
    for (std::size_t i = 0; i < einsum.ranks.size(); ++i) {
      if (graph_.ranks[einsum.ranks[i]].name == name) return i;
    }
    return std::nullopt;
  }

  std::string unknown_rank(const Einsum& einsum, const std::string& name) const {
    std::vector<std::string> names;
    for (const RankId id : einsum.ranks) names.push_back(graph_.ranks[id].name);
    std::string text = fmt::format("'{}' is no dimension of einsum '{}'", name, einsum.name);
    const auto owner = rank_owner_.find(name);
    if (owner != rank_owner_.end() && graph_.ranks[owner->second.rank].einsum.value < graph_.einsums.size()) {
      return text + fmt::format(", but of '{}'", graph_.einsums[graph_.ranks[owner->second.rank].einsum].name);
    }
    return text + did_you_mean(name, names) + "; or list it in 'dimensions'";
  }

  void load_bounds(const DocumentNode& instance, const Einsum& einsum) {
    std::vector<std::string> names;
    for (const RankId id : einsum.ranks) names.push_back(graph_.ranks[id].name);
    const auto bounds = read_instance(
        instance, names, [&](const std::string& name) { return unknown_rank(einsum, name); }, diagnostics_);
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      if (!bounds[i]) continue;
      Rank& rank = graph_.ranks[einsum.ranks[i]];
      rank.low = bounds[i]->low;
      rank.high = bounds[i]->high;
      rank.where = bounds[i]->where;
    }
  }

  void load_data_spaces(const DocumentNode& spaces, EinsumId id, Einsum& einsum) {
    const auto* items = read_list(spaces, "data_spaces", diagnostics_);
    if (items == nullptr) return;
    std::vector<MarkedOutput> outputs;
    std::map<std::string, SourcePosition> seen;
    for (const DocumentNodePtr& item : *items) {
      MapReader reader(*item, "a data space", diagnostics_);
      const DocumentNodePtr name_node = reader.required("name");
      const DocumentNodePtr dimensions = reader.optional("dimensions");
      const DocumentNodePtr projection = reader.required("projection");
      const DocumentNodePtr read_write = reader.optional("read_write");
      reader.finish();
      if (!name_node) continue;
      const auto name = read_text(*name_node, "name of a tensor", diagnostics_);
      if (!name) continue;
      if (!is_usable_name(*name)) {
        diagnostics_.error(name_node->where, fmt::format("tensor name '{}' may not contain '/', '+' or ','", *name));
        continue;
      }
      const auto [first, is_new] = seen.emplace(*name, name_node->where);
      if (!is_new) {
        diagnostics_.error(name_node->where, fmt::format("einsum '{}' lists tensor '{}' twice; first at {}",
                                                         einsum.name, *name, describe(first->second)));
        continue;
      }
      bool is_output = false;
      if (read_write) is_output = read_boolean(*read_write, "read_write", diagnostics_).value_or(false);
      TensorAccess access;
      access.where = name_node->where;
      bool projection_good = false;
      if (projection) projection_good = load_projection(*projection, einsum, access.projection);
      const auto tensor = find_or_add_tensor(*name, *name_node, dimensions, einsum, access, projection_good);
      access.tensor = tensor;
      if (!is_output) {
        graph_.tensors[tensor].readers.push_back(id);
        einsum.inputs.push_back(std::move(access));
        continue;
      }
      outputs.push_back({std::move(access), name_node, projection_good ? projection : nullptr});
    }
    if (outputs.empty()) {
      diagnostics_.error(spaces.where, fmt::format("einsum '{}' has no output; mark one data space with "
                                                   "'read_write: True'",
                                                   einsum.name));
    } else if (outputs.size() > 1) {
      report_outputs(outputs, einsum);
    } else if (einsum.inputs.empty()) {
      diagnostics_.error(spaces.where, fmt::format("einsum '{}' reads no tensor", einsum.name));
    }
    if (outputs.size() != 1) return;
    MarkedOutput& output = outputs.front();
    set_writer(output.access.tensor, id, einsum, *output.name);
    if (output.projection) check_output_projection(einsum, output.access, *output.projection);
    einsum.output = std::move(output.access);
  }

  /// A data space with `read_write: True`.
  struct MarkedOutput {
    TensorAccess access;
    DocumentNodePtr name;
    DocumentNodePtr projection;  ///< nothing if it is not good
  };

  /// One error for all that comes of a mark too many, at one that cannot be meant if there is such.
  void report_outputs(const std::vector<MarkedOutput>& outputs, const Einsum& einsum) {
    const auto elsewhere = std::find_if(outputs.begin(), outputs.end(), [&](const MarkedOutput& output) {
      return graph_.tensors[output.access.tensor].writer.has_value();
    });
    std::string text = fmt::format(
        "einsum '{}' has two outputs, '{}' and '{}'; exactly one data space has 'read_write: True'", einsum.name,
        graph_.tensors[outputs[0].access.tensor].name, graph_.tensors[outputs[1].access.tensor].name);
    if (elsewhere == outputs.end()) {
      diagnostics_.error(outputs[1].name->where, text);
      return;
    }
    const Tensor& tensor = graph_.tensors[elsewhere->access.tensor];
    diagnostics_.error(elsewhere->name->where, text + fmt::format(", and '{}' writes '{}' already",
                                                                  graph_.einsums[*tensor.writer].name, tensor.name));
  }

  bool load_projection(const DocumentNode& node, const Einsum& einsum, std::vector<AffineExpression>& projection) {
    std::vector<DocumentNodePtr> texts;
    if (node.is_sequence()) {
      texts = node.items;
    } else {
      texts.push_back(std::make_shared<DocumentNode>(node));
    }
    bool good = true;
    for (const DocumentNodePtr& text : texts) {
      if (!text->is_scalar() || text->text.empty()) {
        diagnostics_.error(
            text->where,
            fmt::format("projection: expected a text such as '[ C1, P1 + R1 ]', got {}",
                        text->is_sequence() ? "a list (as in Timeloop's single-layer problems)" : describe(*text)));
        good = false;
        continue;
      }
      try {
        for (const NamedAffine& named : parse_projection(text->text)) {
          good = resolve_expression(named, *text, einsum, projection) && good;
        }
      } catch (const AffineTextError& error) {
        diagnostics_.error(position_within(*text, error.offset), fmt::format("projection: {}", error.what()));
        good = false;
      }
    }
    return good;
  }

  bool resolve_expression(const NamedAffine& named, const DocumentNode& text, const Einsum& einsum,
                          std::vector<AffineExpression>& projection) {
    AffineExpression expression;
    expression.constant = named.constant;
    bool good = true;
    for (const auto& [name, coefficient] : named.coefficients) {
      if (const auto rank = find_rank(einsum, name)) {
        expression.terms.push_back({*rank, coefficient});
      } else {
        diagnostics_.error(position_within(text, named.offsets.at(name)), unknown_rank(einsum, name));
        good = false;
      }
    }
    std::sort(expression.terms.begin(), expression.terms.end(),
              [](const AffineTerm& a, const AffineTerm& b) { return a.rank < b.rank; });
    projection.push_back(std::move(expression));
    return good;
  }

  TensorId find_or_add_tensor(const std::string& name, const DocumentNode& name_node, const DocumentNodePtr& dimensions,
                              const Einsum& einsum, const TensorAccess& access, bool projection_good) {
    std::vector<std::string> names;
    if (dimensions) {
      if (const auto* items = read_list(*dimensions, "dimensions", diagnostics_)) {
        for (const DocumentNodePtr& item : *items) {
          names.push_back(read_text(*item, "dimension", diagnostics_).value_or(""));
          for (std::size_t i = 0; i + 1 < names.size(); ++i) {
            if (names[i] == names.back()) {
              diagnostics_.error(item->where, fmt::format("dimension '{}' is listed twice", names.back()));
            }
          }
        }
      }
      if (projection_good && dimensions->is_sequence() && names.size() != access.projection.size()) {
        diagnostics_.error(dimensions->where,
                           fmt::format("tensor '{}' has {} dimensions here, but its projection in einsum '{}' has {}",
                                       name, names.size(), einsum.name, access.projection.size()));
      }
    } else {
      for (std::size_t i = 0; i < access.projection.size(); ++i) names.push_back(fmt::format("{}_{}", name, i));
    }
    const auto [found, is_new] = tensor_of_.emplace(name, TensorId(graph_.tensors.size()));
    if (is_new) {
      Tensor tensor;
      tensor.name = name;
      tensor.dimensions = std::move(names);
      tensor.where = name_node.where;
      return graph_.tensors.push_back(std::move(tensor));
    }
    const Tensor& known = graph_.tensors[found->second];
    if (names.size() != known.dimensions.size() && (dimensions || projection_good)) {
      diagnostics_.error(name_node.where, fmt::format("tensor '{}' has {} dimensions in einsum '{}', but {} ({}) at {}",
                                                      name, names.size(), einsum.name, known.dimensions.size(),
                                                      fmt::join(known.dimensions, ", "), describe(known.where)));
    }
    return found->second;
  }

  void set_writer(TensorId id, EinsumId writer, const Einsum& einsum, const DocumentNode& name_node) {
    Tensor& tensor = graph_.tensors[id];
    if (tensor.writer) {
      diagnostics_.error(name_node.where, fmt::format("tensor '{}' is written by two einsums, '{}' and '{}'",
                                                      tensor.name, graph_.einsums[*tensor.writer].name, einsum.name));
      return;
    }
    tensor.writer = writer;
  }

  void check_output_projection(const Einsum& einsum, const TensorAccess& access, const DocumentNode& node) {
    std::set<std::size_t> used;
    for (const AffineExpression& expression : access.projection) {
      const bool single = expression.terms.size() == 1 && expression.terms[0].coefficient == 1;
      if (!single || !used.insert(expression.terms[0].rank).second) {
        diagnostics_.error(node.where, fmt::format("output of einsum '{}': each dimension of an output must be one "
                                                   "dimension of the einsum of its own (a constant may be added), so "
                                                   "that the operations behind a word are known",
                                                   einsum.name));
        return;
      }
    }
    if (access.projection.empty()) {
      diagnostics_.error(node.where, fmt::format("output of einsum '{}' has no dimensions", einsum.name));
    }
  }

  void check_cycles() {
    const std::vector<EinsumId> cycle = find_cycle(graph_);
    if (cycle.empty()) return;
    constexpr std::size_t most = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(most, cycle.size()); ++i) names += graph_.einsums[cycle[i]].name + " -> ";
    if (cycle.size() > most) names += "… -> ";
    const Einsum& first = graph_.einsums[cycle.front()];
    const Einsum& last = graph_.einsums[cycle.back()];
    diagnostics_.error(first.where,
                       fmt::format("the einsums form a cycle: {}{}; '{}' reads '{}', which '{}' writes", names,
                                   first.name, first.name, graph_.tensors[last.output.tensor].name, last.name));
  }

  /// Its own, so that what other parts of the input got wrong does not keep the later checks from running.
  Diagnostics diagnostics_;
  EinsumGraph graph_;
  std::map<std::string, RankOwner> rank_owner_;
  std::map<std::string, TensorId> tensor_of_;
};

}  // namespace

EinsumGraph load_workload(const DocumentNode& problem, Diagnostics& diagnostics) {
  WorkloadLoader loader;
  EinsumGraph graph = loader.load(problem);
  diagnostics.append(loader.diagnostics());
  return graph;
}

}  // namespace loopsim
