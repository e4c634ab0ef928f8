#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "arch/Architecture.hpp"
#include "base/Diagnostics.hpp"
#include "inputs/settings/RunSettings.hpp"
#include "mapping/LoopTree.hpp"
#include "workloads/EinsumGraph.hpp"

namespace loopsim {

struct InputFile {
  std::string path;  ///< as given, or "preset:NAME"
  std::string sha256;
};

/// Everything a run is made from, defaults resolved, names of the mapping not yet bound.
struct Inputs {
  EinsumGraph graph;
  Architecture architecture;
  LoopTree tree;
  std::map<int, std::string> bindings;  ///< level number → name of the component it stands for
  RunSettings run;
  std::vector<Diagnostic> warnings;
  std::vector<InputFile> files;
};

/// Reads and merges the files (paths, or `preset:NAME`) and applies the overrides (`PATH=VALUE`). Throws InputError
/// with all diagnostics; MissingInputError if a file or preset is not there.
Inputs load_inputs(const std::vector<std::string>& files, const std::vector<std::string>& overrides = {});

/// The same with texts that were read already; their names stand for paths.
Inputs load_inputs_from(const std::vector<std::shared_ptr<const SourceText>>& sources,
                        const std::vector<std::string>& overrides = {});

}  // namespace loopsim
