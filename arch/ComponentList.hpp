#pragma once

#include <set>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "arch/ComponentAttributes.hpp"
#include "arch/ComponentClass.hpp"
#include "base/Diagnostics.hpp"
#include "base/Document.hpp"

namespace loopsim {

struct Component {
  std::string name;
  ComponentClass kind = ComponentClass::unknown;
  ComponentAttributes attributes;
  SourcePosition where;
};

/// What stands under `nodes:` of an architecture.
struct ComponentList {
  std::vector<Component> components;  ///< that store or compute, outermost first
  PeMesh mesh;                        ///< by the `spatial` entries of nodes
  std::set<std::string> without_effect;
  SourcePosition without_effect_where;  ///< of the first one
};

ComponentList list_components(const DocumentNode& nodes, Diagnostics& diagnostics);

/// Makes the mesh so many times, or, if not `multiply`, at least so large. Null: 1.
void widen_mesh(PeMesh& mesh, const DocumentNodePtr& x, const DocumentNodePtr& y, bool multiply,
                Diagnostics& diagnostics);

}  // namespace loopsim
