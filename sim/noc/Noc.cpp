#include "sim/noc/Noc.hpp"

namespace loopsim {

namespace {

/// Of a flit, where there is no global buffer whose line could be one.
constexpr std::int64_t usual_flit_bits = 64;

}  // namespace

Noc::Noc(const sc_core::sc_module_name& name) : sc_module(name) {}

void Noc::load(const Architecture& architecture, MeshExtent mesh) {
  network_.reset();
  if (!architecture.noc) return;
  const auto& memories = architecture.memories;
  const std::int64_t line_bits =
      memories.size() > banked_level.value ? memories[banked_level.value].line_bits() : usual_flit_bits;
  network_ = std::make_unique<ArrayNetwork>(*architecture.noc, line_bits, mesh);
}

}  // namespace loopsim
