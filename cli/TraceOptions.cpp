#include "cli/TraceOptions.hpp"

#include <fmt/format.h>

#include "trace/TraceFormats.hpp"

namespace loopsim {

namespace {

constexpr std::int64_t default_megabytes = 1024;
constexpr std::int64_t most_megabytes = 1'000'000;
constexpr std::int64_t bytes_in_megabyte = 1'000'000;

void add_request(TraceOptions& options, const std::string& text) {
  auto parsed = parse_trace_request(text);
  if (const auto* error = std::get_if<TraceTextError>(&parsed)) throw CLI::ValidationError("--trace", error->message);
  TraceRequest& request = std::get<TraceRequest>(parsed);
  for (TraceRequest& other : options.requests) {
    if (other.format != request.format) continue;
    if (join_request(other, request)) return;
    throw CLI::ValidationError("--trace", fmt::format("'{}' is asked for twice", request.format->word));
  }
  options.requests.push_back(std::move(request));
}

/// "chrome (:layer|tile|transfer), …"
std::string formats() {
  std::string text;
  for (const TraceFormat& format : trace_formats()) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", format.word);
    const char* const separator = format.several_options ? "," : "|";
    if (!format.options.empty()) text += fmt::format(" (:{})", fmt::join(format.options, separator));
  }
  return text;
}

}  // namespace

std::shared_ptr<TraceOptions> add_trace_options(CLI::App& command) {
  auto options = std::make_shared<TraceOptions>();
  options->limits.most_bytes = default_megabytes * bytes_in_megabyte;
  CLI::Option* const trace = command
                                 .add_option_function<std::vector<std::string>>(
                                     "--trace",
                                     [options](const std::vector<std::string>& texts) {
                                       for (const std::string& text : texts) add_request(*options, text);
                                     },
                                     "Write a trace to the folder of -o: " + formats())
                                 ->type_name("KIND[:OPTIONS]")
                                 ->type_size(1)
                                 ->expected(1)
                                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                                 ->needs("--output");
  command
      .add_option_function<std::string>(
          "--trace-window",
          [options](const std::string& text) {
            const auto parsed = parse_trace_window(text);
            if (const auto* error = std::get_if<TraceTextError>(&parsed)) {
              throw CLI::ValidationError("--trace-window", error->message);
            }
            options->limits.from = std::get<TraceLimits>(parsed).from;
            options->limits.to = std::get<TraceLimits>(parsed).to;
          },
          "Trace only cycles FROM <= cycle < TO; either may be left out")
      ->type_name("FROM:TO")
      ->needs(trace);
  command
      .add_option_function<std::int64_t>(
          "--trace-max-mb",
          [options](std::int64_t megabytes) { options->limits.most_bytes = megabytes * bytes_in_megabyte; },
          "A trace ends, with a warning, when its file has this many million bytes")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t(1), most_megabytes).description(""))
      ->default_str(std::to_string(default_megabytes))
      ->needs(trace);
  return options;
}

TraceSet make_traces(const TraceOptions& options, const OutputOptions& output, TraceFolderKeeper& keeper) {
  for (const TraceRequest& request : options.requests) {
    if (request.format->whole_run && options.limits.windowed()) {
      throw CLI::ValidationError(
          "--trace-window",
          fmt::format("the trace '{}' is of a whole run; leave one of them out", request.format->word));
    }
  }
  return TraceSet(options.requests, output.folder.value_or(""), options.limits, keeper);
}

}  // namespace loopsim
