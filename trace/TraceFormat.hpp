#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "trace/sink/Trace.hpp"

namespace loopsim {

struct TraceFormat;

/// One `--trace FORMAT[:OPTION,…]`.
struct TraceRequest {
  const TraceFormat* format = nullptr;    ///< of trace_formats()
  std::vector<std::string_view> options;  ///< of the format; what it means without any where none was given
};

/// Files of a trace within the folder of a run.
struct TraceFileNames {
  std::vector<std::string_view> names;
  std::vector<std::string_view> endings;  ///< of names that depend on the run
  std::string_view folder = {};           ///< in which they are; empty: that of the run
};

/// A trace format: how it is asked for (`--trace WORD[:OPTION,…]`), what it writes, and how it is made.
struct TraceFormat {
  std::string_view word;
  std::vector<std::string_view> options;
  std::vector<std::string_view> without_options;  ///< what WORD alone means
  bool several_options = false;                   ///< each stands for files of its own
  bool whole_run = false;                         ///< a part of a run makes no sense
  TraceFileNames files;
  std::vector<std::unique_ptr<Trace>> (*make)(const TraceRequest& request, const std::filesystem::path& folder,
                                              const TraceLimits& limits) = nullptr;
};

}  // namespace loopsim
