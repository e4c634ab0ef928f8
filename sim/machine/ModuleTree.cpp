#include "sim/machine/ModuleTree.hpp"

#include <fmt/format.h>
#include <systemc>

namespace loopsim {

namespace {

/// What a port leads to, or nothing if it is not bound.
std::string bound_to(sc_core::sc_port_base& port) {
  const auto* const target = dynamic_cast<const sc_core::sc_object*>(port.get_interface());
  return target == nullptr ? "nothing" : target->name();
}

void append(std::string& text, const sc_core::sc_object& object, int depth) {
  const std::string indent(2 * static_cast<std::size_t>(depth), ' ');
  if (const auto* const module = dynamic_cast<const sc_core::sc_module*>(&object)) {
    text += fmt::format("{}{}  {}\n", indent, module->basename(), module->kind());
    for (const sc_core::sc_object* child : module->get_child_objects()) append(text, *child, depth + 1);
    return;
  }
  if (auto* const port = dynamic_cast<sc_core::sc_port_base*>(const_cast<sc_core::sc_object*>(&object))) {
    text += fmt::format("{}{}  port -> {}\n", indent, object.basename(), bound_to(*port));
    return;
  }
  const std::string kind = object.kind();
  if (kind == "sc_export") return;  // the other side of a socket
  text += fmt::format("{}{}  {}\n", indent, object.basename(), kind);
}

}  // namespace

std::string module_tree() {
  std::string text;
  for (const sc_core::sc_object* object : sc_core::sc_get_top_level_objects()) append(text, *object, 0);
  return text;
}

}  // namespace loopsim
