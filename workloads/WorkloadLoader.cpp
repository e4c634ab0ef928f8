#include "workloads/WorkloadLoader.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <map>
#include <set>

#include "base/CheckedMath.hpp"
#include "base/DocumentReader.hpp"
#include "workloads/AffineText.hpp"

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

class Loader {
 public:
  EinsumGraph load(const DocumentNode& problem) {
    const auto* shapes = read_list(problem, "problem", diagnostics_);
    if (shapes == nullptr) return {};
    if (shapes->empty()) diagnostics_.error(problem.where, "problem: expected at least one einsum");
    for (const DocumentNodePtr& item : *shapes) load_item(*item);
    if (!diagnostics_.has_errors()) check_cycles();
    if (!diagnostics_.has_errors()) check_sizes();
    return std::move(graph_);
  }

  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  struct Bounds {
    Coordinate low = std::numeric_limits<Coordinate>::min();
    Coordinate high = std::numeric_limits<Coordinate>::max();
    bool has_low = false;
    bool has_high = false;
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
      const auto [found, is_new] = rank_owner_.emplace(*name, RankId(graph_.ranks.size()));
      if (!is_new) {
        const Rank& other = graph_.ranks[found->second];
        diagnostics_.error(
            node->where,
            other.einsum == id
                ? fmt::format("dimension '{}' is listed twice", *name)
                : fmt::format("dimension '{}' of einsum '{}' is a dimension of einsum '{}' too (at {}); "
                              "give each einsum names of its own, such as '{}2'",
                              *name, einsum.name, graph_.einsums[other.einsum].name, describe(other.where), *name));
      }
      if (is_new || graph_.ranks[found->second].einsum != id) {
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
    if (owner != rank_owner_.end() && graph_.ranks[owner->second].einsum.value < graph_.einsums.size()) {
      return text + fmt::format(", but of '{}'", graph_.einsums[graph_.ranks[owner->second].einsum].name);
    }
    return text + did_you_mean(name, names);
  }

  void load_bounds(const DocumentNode& instance, Einsum& einsum) {
    std::vector<Bounds> bounds(einsum.ranks.size());
    bool complete = true;
    if (instance.is_map()) {
      complete = read_bound_map(instance, einsum, bounds);
    } else if (const auto text = read_text(instance, "instance", diagnostics_)) {
      complete = read_bound_text(instance, *text, einsum, bounds);
    } else {
      complete = false;
    }
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      Rank& rank = graph_.ranks[einsum.ranks[i]];
      if (!bounds[i].has_low || !bounds[i].has_high) {
        if (complete) {
          const char* missing = bounds[i].has_low ? "upper bound" : bounds[i].has_high ? "lower bound" : "bounds";
          diagnostics_.error(instance.where, fmt::format("instance gives no {} of dimension '{}'", missing, rank.name));
        }
        continue;
      }
      rank.low = bounds[i].low;
      rank.high = bounds[i].high;
      if (rank.low >= rank.high) {
        diagnostics_.error(instance.where,
                           fmt::format("dimension '{}' is empty: no value is at least {} and less than {}", rank.name,
                                       rank.low, rank.high));
      }
    }
  }

  bool read_bound_map(const DocumentNode& instance, const Einsum& einsum, std::vector<Bounds>& bounds) {
    bool complete = true;
    for (const DocumentEntry& entry : instance.entries) {
      const auto rank = find_rank(einsum, entry.key);
      if (!rank) {
        diagnostics_.error(entry.key_where, unknown_rank(einsum, entry.key));
        complete = false;
        continue;
      }
      const auto extent = read_integer(*entry.value, fmt::format("extent of '{}'", entry.key), diagnostics_,
                                       {1, std::numeric_limits<std::int64_t>::max()});
      complete = complete && extent.has_value();
      if (extent) bounds[*rank] = {0, *extent, true, true};
    }
    return complete;
  }

  bool read_bound_text(const DocumentNode& instance, const std::string& text, const Einsum& einsum,
                       std::vector<Bounds>& bounds) {
    bool complete = true;
    try {
      for (const NamedBound& bound : parse_bounds(text)) {
        const auto rank = find_rank(einsum, bound.name);
        if (!rank) {
          diagnostics_.error(position_within(instance, bound.offset), unknown_rank(einsum, bound.name));
          complete = false;
          continue;
        }
        Bounds& all = bounds[*rank];
        if (bound.has_low) {
          all.low = std::max(all.low, bound.low);
          all.has_low = true;
        }
        if (bound.has_high) {
          all.high = std::min(all.high, bound.high);
          all.has_high = true;
        }
      }
    } catch (const AffineTextError& error) {
      diagnostics_.error(position_within(instance, error.offset), fmt::format("instance: {}", error.what()));
      complete = false;
    }
    return complete;
  }

  void load_data_spaces(const DocumentNode& spaces, EinsumId id, Einsum& einsum) {
    const auto* items = read_list(spaces, "data_spaces", diagnostics_);
    if (items == nullptr) return;
    bool has_output = false;
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
      if (has_output) {
        diagnostics_.error(name_node->where,
                           fmt::format("einsum '{}' has two outputs, '{}' and '{}'; exactly one data space has "
                                       "'read_write: True'",
                                       einsum.name, graph_.tensors[einsum.output.tensor].name, *name));
        continue;
      }
      has_output = true;
      set_writer(tensor, id, einsum, *name_node);
      if (projection_good) check_output_projection(einsum, access, *projection);
      einsum.output = std::move(access);
    }
    if (!has_output) {
      diagnostics_.error(spaces.where, fmt::format("einsum '{}' has no output; mark one data space with "
                                                   "'read_write: True'",
                                                   einsum.name));
    } else if (einsum.inputs.empty()) {
      diagnostics_.error(spaces.where, fmt::format("einsum '{}' reads no tensor", einsum.name));
    }
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
      diagnostics_.error(name_node.where,
                         fmt::format("tensor '{}' has {} dimensions in einsum '{}', but {} at {}", name, names.size(),
                                     einsum.name, known.dimensions.size(), describe(known.where)));
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
    std::string names;
    for (const EinsumId einsum : cycle) names += graph_.einsums[einsum].name + " -> ";
    names += graph_.einsums[cycle.front()].name;
    diagnostics_.error(graph_.einsums[cycle.front()].where, fmt::format("the einsums form a cycle: {}", names));
  }

  /// Everything that is counted later must fit in 64 bits.
  void check_sizes() {
    std::int64_t all_operations = 0;
    for (std::size_t e = 0; e < graph_.einsums.size(); ++e) {
      const Einsum& einsum = graph_.einsums[EinsumId(e)];
      try {
        all_operations = checked_add(all_operations, operation_space_size(graph_, EinsumId(e)));
      } catch (const OverflowError&) {
        diagnostics_.error(einsum.where, fmt::format("einsum '{}' has more than 2^63 - 1 operations", einsum.name));
        return;
      }
      check_access_size(einsum, einsum.output);
      for (const TensorAccess& access : einsum.inputs) check_access_size(einsum, access);
    }
  }

  void check_access_size(const Einsum& einsum, const TensorAccess& access) {
    const Tensor& tensor = graph_.tensors[access.tensor];
    try {
      std::int64_t volume = 1;
      for (const AffineExpression& expression : access.projection) {
        std::int64_t low = expression.constant;
        std::int64_t high = expression.constant;
        for (const AffineTerm& term : expression.terms) {
          const Rank& rank = graph_.ranks[einsum.ranks[term.rank]];
          const std::int64_t first = checked_multiply(term.coefficient, rank.low);
          const std::int64_t last = checked_multiply(term.coefficient, checked_add(rank.high, -1));
          low = checked_add(low, std::min(first, last));
          high = checked_add(high, std::max(first, last));
        }
        volume = checked_multiply(volume, checked_add(checked_add(high, checked_multiply(low, -1)), 1));
      }
    } catch (const OverflowError&) {
      diagnostics_.error(access.where, fmt::format("tensor '{}' has more than 2^63 - 1 words in einsum '{}'",
                                                   tensor.name, einsum.name));
    }
  }

  /// Its own, so that what other parts of the input got wrong does not keep the later checks from running.
  Diagnostics diagnostics_;
  EinsumGraph graph_;
  std::map<std::string, RankId> rank_owner_;
  std::map<std::string, TensorId> tensor_of_;
};

}  // namespace

EinsumGraph load_workload(const DocumentNode& problem, Diagnostics& diagnostics) {
  Loader loader;
  EinsumGraph graph = loader.load(problem);
  diagnostics.append(loader.diagnostics());
  return graph;
}

}  // namespace loopsim
