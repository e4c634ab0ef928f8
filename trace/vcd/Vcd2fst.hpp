#pragma once

#include <filesystem>

namespace loopsim {

/// Throws InputError unless GTKWave's vcd2fst is on the PATH.
void require_vcd2fst();

/// Makes trace.fst of trace.vcd, in its place unless that is kept. Throws InputError if that fails; a signal meanwhile
/// leaves trace.vcd alone.
void convert_to_fst(const std::filesystem::path& folder, bool keep_vcd);

}  // namespace loopsim
