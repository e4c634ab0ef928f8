#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/OutputOptions.hpp"
#include "trace/TraceSet.hpp"

namespace loopsim {

/// `--trace KIND[:OPTION,…]`, several times, and what limits them.
struct TraceOptions {
  std::vector<TraceRequest> requests;
  TraceLimits limits;
};

/// Adds the options to a command; traces go to the folder of `-o`, which they need.
std::shared_ptr<TraceOptions> add_trace_options(CLI::App& command);

/// The traces asked for, in a folder with this keeper. Without any: empty.
TraceSet make_traces(const TraceOptions& options, const OutputOptions& output, TraceFolderKeeper& keeper);

}  // namespace loopsim
