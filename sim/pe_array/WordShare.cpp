#include "sim/pe_array/WordShare.hpp"

#include <utility>

namespace loopsim {

std::vector<Atom> atoms_of(const std::vector<PointSet>& sets) {
  std::vector<Atom> atoms;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    PointSet rest = sets[s];
    const std::size_t known = atoms.size();
    for (std::size_t a = 0; a < known && !rest.empty(); ++a) {
      PointSet common = intersect(atoms[a].points, rest);
      if (common.empty()) continue;
      rest.subtract(common);
      if (common.size() == atoms[a].points.size()) {
        atoms[a].in.push_back(s);
        continue;
      }
      atoms[a].points.subtract(common);
      Atom inside{std::move(common), atoms[a].in};
      inside.in.push_back(s);
      atoms.push_back(std::move(inside));
    }
    if (!rest.empty()) atoms.push_back({std::move(rest), {s}});
  }
  return atoms;
}

}  // namespace loopsim
