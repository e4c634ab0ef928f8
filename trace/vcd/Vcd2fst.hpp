#pragma once

#include <filesystem>

namespace loopsim {

/// Throws InputError unless GTKWave's vcd2fst is on the PATH.
void require_vcd2fst();

/// Makes trace.fst of trace.vcd in its place. Throws InputError if that fails.
void convert_to_fst(const std::filesystem::path& folder);

}  // namespace loopsim
