#include "arch/ComponentList.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/DocumentReader.hpp"

namespace loopsim {

namespace {

constexpr IntegerRange extent = {1, 1'000'000'000};  // of the mesh along an axis, as of simulation.pe.mesh

class ComponentCollector {
 public:
  explicit ComponentCollector(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// Containers hand their attributes to what follows them in their list, as in Timeloop.
  void collect(const DocumentNode& nodes, ComponentAttributes& inherited) {
    const auto* items = read_list(nodes, "nodes", diagnostics_);
    if (items == nullptr) return;
    for (const DocumentNodePtr& item : *items) {
      const std::string& tag = item->tag;
      if (tag == "!Container") {
        collect_container(*item, inherited);
      } else if (tag == "!Hierarchical" || tag == "!Parallel" || tag == "!Pipelined") {
        collect_branch(*item, inherited);
      } else if (tag == "!Nothing") {
        continue;
      } else if (tag == "!Component" || (tag.empty() && item->is_map() && find_key(*item, "class"))) {
        collect_component(*item, inherited);
      } else if (tag.empty()) {
        diagnostics_.error(item->where, "expected a tag such as !Component or !Container before a node");
      } else {
        diagnostics_.error(
            item->where,
            fmt::format("unknown node '{}'{}", tag,
                        did_you_mean(tag, {"!Component", "!Container", "!Hierarchical", "!Parallel", "!Nothing"})));
      }
    }
  }

  ComponentList take() { return std::move(list_); }

 private:
  void note_without_effect(const std::string& what, const SourcePosition& where) {
    if (list_.without_effect.empty()) list_.without_effect_where = where;
    list_.without_effect.insert(what);
  }

  void collect_branch(const DocumentNode& item, const ComponentAttributes& inherited) {
    MapReader reader(item, fmt::format("a {} node", item.tag), diagnostics_);
    reader.ignore("name");
    const DocumentNodePtr nodes = reader.required("nodes");
    reader.finish();
    if (!nodes) return;
    const std::size_t before = list_.components.size();
    ComponentAttributes inner = inherited;
    collect(*nodes, inner);
    if (item.tag != "!Hierarchical" && list_.components.size() > before + 1) {
      diagnostics_.warning(
          item.where, fmt::format("the components of a {} node are taken as levels one after the other", item.tag));
    }
  }

  void collect_container(const DocumentNode& item, ComponentAttributes& inherited) {
    MapReader reader(item, "a !Container", diagnostics_);
    reader.ignore("name");
    if (const auto attributes = reader.optional("attributes")) add_attributes(*attributes, inherited);
    if (const auto spatial = reader.optional("spatial")) read_spatial(*spatial);
    ignore_keys(reader, item, {"constraints", "networks", "area_scale", "energy_scale", "required_actions", "class"});
    reader.finish();
  }

  void collect_component(const DocumentNode& item, const ComponentAttributes& inherited) {
    MapReader reader(item, "a !Component", diagnostics_);
    const DocumentNodePtr name_node = reader.required("name");
    const DocumentNodePtr class_node = reader.required("class");
    const DocumentNodePtr subclass = reader.optional("subclass");
    Component component;
    component.where = item.where;
    component.attributes = inherited;
    if (const auto attributes = reader.optional("attributes")) add_attributes(*attributes, component.attributes);
    if (const auto spatial = reader.optional("spatial")) read_spatial(*spatial);
    bool enabled = true;
    if (const auto node = reader.optional("enabled")) {
      enabled = read_boolean(*node, "enabled", diagnostics_).value_or(true);
    }
    reader.ignore("required_actions");
    reader.ignore("actions");
    ignore_keys(reader, item, {"constraints", "area_scale", "energy_scale", "sparse_optimizations", "networks"});
    reader.finish();
    if (!name_node || !class_node || !enabled) return;
    const auto name = read_text(*name_node, "name of a component", diagnostics_);
    const auto class_name = read_text(*class_node, "class of a component", diagnostics_);
    if (!name || !class_name) return;
    component.name = *name;
    component.where = name_node->where;
    component.kind = classify(*class_name, subclass, *class_node);
    if (component.kind == ComponentClass::other) {
      note_without_effect(fmt::format("component {}", *name), item.where);
      return;
    }
    if (component.kind == ComponentClass::unknown) return;
    for (const Component& other : list_.components) {
      if (other.name == component.name) {
        diagnostics_.error(name_node->where, fmt::format("there are two components '{}'; the first is at {}", *name,
                                                         describe(other.where)));
      }
    }
    list_.components.push_back(std::move(component));
  }

  ComponentClass classify(const std::string& class_name, const DocumentNodePtr& subclass, const DocumentNode& where) {
    ComponentClass kind = classify_component(class_name);
    if (subclass && subclass->is_scalar() && (kind == ComponentClass::sram || kind == ComponentClass::unknown)) {
      const ComponentClass finer = classify_component(subclass->text);
      if (finer != ComponentClass::unknown) kind = finer;
    }
    if (kind == ComponentClass::unknown) {
      diagnostics_.error(where.where, fmt::format("cannot tell what a component of class '{}' is{}", class_name,
                                                  did_you_mean(class_name, {"DRAM", "SRAM", "regfile", "storage",
                                                                            "intmac", "fpmac", "mac", "compute"})));
    }
    return kind;
  }

  void ignore_keys(MapReader& reader, const DocumentNode& item, std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) {
      if (reader.ignore(key)) note_without_effect(std::string(key), item.where);
    }
  }

  void add_attributes(const DocumentNode& node, ComponentAttributes& attributes) {
    if (node.is_null()) return;
    if (!node.is_map()) {
      diagnostics_.error(node.where, fmt::format("attributes: expected a map, got {}", describe(node)));
      return;
    }
    for (const DocumentEntry& entry : node.entries) {
      const AttributeUse use = use_of_attribute(entry.key);
      if (use == AttributeUse::used) {
        attributes.add(entry);
      } else if (use == AttributeUse::ignored) {
        note_without_effect(entry.key, entry.key_where);
      } else if (same_key(entry.key, "bandwidth")) {
        diagnostics_.error(entry.key_where,
                           "attribute 'bandwidth' is ambiguous; write 'shared_bandwidth', or "
                           "'read_bandwidth' and 'write_bandwidth' (words a cycle)");
      } else {
        diagnostics_.error(entry.key_where, fmt::format("unknown attribute '{}'{}", entry.key,
                                                        did_you_mean(entry.key, known_attributes())));
      }
    }
  }

  void read_spatial(const DocumentNode& node) {
    MapReader reader(node, "spatial", diagnostics_);
    const DocumentNodePtr x = reader.optional("meshX");
    const DocumentNodePtr y = reader.optional("meshY");
    reader.finish();
    widen_mesh(list_.mesh, x, y, true, diagnostics_);
  }

  Diagnostics& diagnostics_;
  ComponentList list_;
};

}  // namespace

ComponentList list_components(const DocumentNode& nodes, Diagnostics& diagnostics) {
  ComponentCollector collector(diagnostics);
  ComponentAttributes none;
  collector.collect(nodes, none);
  return collector.take();
}

void widen_mesh(PeMesh& mesh, const DocumentNodePtr& x, const DocumentNodePtr& y, bool multiply,
                Diagnostics& diagnostics) {
  if (!x && !y) return;
  const auto widen = [&](std::optional<std::int64_t>& side, const DocumentNodePtr& node, const char* key) {
    const std::int64_t own = node ? read_integer(*node, key, diagnostics, extent, "PEs").value_or(1) : 1;
    const std::int64_t before = side.value_or(1);
    side = multiply ? before * own : std::max(before, own);
    if (*side <= extent.high) return;
    diagnostics.error(node->where, fmt::format("{}: the PE mesh has {} of {} PEs here, {} in all; expected at most {}",
                                               key, own, before, *side, extent.high));
    side = extent.high;
  };
  widen(mesh.columns, x, "meshX");
  widen(mesh.rows, y, "meshY");
}

}  // namespace loopsim
