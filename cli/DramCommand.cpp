#include "cli/DramCommand.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "arch/dram/DramPartLoader.hpp"
#include "base/TextFile.hpp"
#include "cli/DramReport.hpp"
#include "cli/Terminal.hpp"
#include "sim/dram/DramMemory.hpp"
#include "sim/dram/DramTracePlayer.hpp"

namespace loopsim {
namespace {

struct DramOptions {
  std::string part = "ddr4-2400-17";
  std::string mapping = "row:bank:bankgroup:column";
  std::int64_t channels = 1;
  std::optional<std::int64_t> ranks;
  DramControllerSettings controller;
  std::optional<std::int64_t> gap;
  std::string trace;
  bool json = false;
  bool list_parts = false;
};

void list_parts() {
  std::size_t width = 0;
  for (const DramPartText& part : shipped_dram_parts()) width = std::max(width, part.name.size());
  for (const DramPartText& part : shipped_dram_parts()) {
    std::cout << fmt::format("{:<{}}  {}\n", part.name, width, part.summary);
  }
}

/// Options that do not go together.
struct DramUsageError {
  std::string message;
};

void check(const DramOptions& options, const DramPart& part) {
  const auto is_power_of_two = [](std::int64_t n) { return (n & (n - 1)) == 0; };
  if (!is_power_of_two(options.channels)) {
    throw DramUsageError{fmt::format("--channels: expected a power of two, got {}", options.channels)};
  }
  if (options.ranks && !is_power_of_two(*options.ranks)) {
    throw DramUsageError{fmt::format("--ranks: expected a power of two, got {}", *options.ranks)};
  }
  if (options.controller.refresh == DramRefresh::per_bank && !part.refreshes_banks()) {
    throw DramUsageError{fmt::format("--refresh bank: {} has no refresh of single banks", part.name)};
  }
  if (options.controller.write_low_percent >= options.controller.write_high_percent) {
    throw DramUsageError{"--write-low: expected less than --write-high"};
  }
}

ExitCode run(const DramOptions& options) {
  if (options.list_parts) {
    list_parts();
    return ExitCode::good;
  }
  if (options.trace.empty()) {
    std::cerr << "loopsim dram: --trace is required\n'loopsim dram --help' says more.\n";
    return ExitCode::usage;
  }
  const DramPart part = load_dram_part(options.part);
  try {
    check(options, part);
  } catch (const DramUsageError& error) {
    std::cerr << "loopsim dram: " << error.message << "\n'loopsim dram --help' says more.\n";
    return ExitCode::usage;
  }
  DramControllerSettings controller = options.controller;
  controller.ranks = options.ranks.value_or(part.organisation.ranks);
  DramMemory memory(part, controller, options.mapping, options.channels);
  constexpr ReadLimits whole_trace{false, std::size_t(1) << 30};
  const DramTrace trace =
      during("reading the trace", [&] { return parse_dram_trace(read_required_file(options.trace, whole_trace)); });
  std::optional<DramCycles> gap;
  if (options.gap) gap = DramCycles(*options.gap);
  during("playing the trace", [&] { play_dram_trace(memory, trace, gap); });
  std::cout << (options.json ? dram_json(memory) : dram_table(memory));
  return ExitCode::good;
}

template <class Choice>
void add_choice(CLI::App& command, const std::string& name, Choice& value, const std::map<std::string, Choice>& choices,
                const std::string& default_text, const std::string& help) {
  std::string words;
  for (const auto& [word, choice] : choices) words += (words.empty() ? "" : "|") + word;
  command.add_option(name, value, help)
      ->transform(CLI::CheckedTransformer(choices).description(""))
      ->type_name(words)
      ->default_str(default_text);
}

}  // namespace

void add_dram_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("dram", "Run the DRAM model alone on a trace of requests");
  auto options = std::make_shared<DramOptions>();
  DramControllerSettings& controller = options->controller;
  constexpr std::int64_t most_gap = 1'000'000'000;
  command->add_option("--part", options->part, "A part by name (see --parts), or the path of a part's YAML file")
      ->type_name("NAME")
      ->capture_default_str();
  command
      ->add_option("--mapping", options->mapping,
                   "Fields of an address, most significant first; rank and channel go on top where not named")
      ->type_name("FIELDS")
      ->capture_default_str();
  command->add_option("--channels", options->channels, "Number of channels, a power of two")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""))
      ->capture_default_str();
  command->add_option("--ranks", options->ranks, "Ranks in a channel, a power of two (default: the part's)")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""));
  command->add_option("--queue", controller.queue_depth, "Reads, and as many writes, that a queue holds")
      ->type_name("N")
      ->check(CLI::Range(1, 65536).description(""))
      ->capture_default_str();
  add_choice<DramQueueing>(*command, "--queues", controller.queueing,
                           {{"shared", DramQueueing::shared}, {"bank", DramQueueing::per_bank}}, "shared",
                           "One queue for a channel, or one for each bank");
  add_choice<DramScheduler>(*command, "--scheduler", controller.scheduler,
                            {{"frfcfs", DramScheduler::frfcfs}, {"fcfs", DramScheduler::fcfs}}, "frfcfs",
                            "Bursts to open rows first, or in order");
  add_choice<DramPage>(*command, "--page", controller.page, {{"open", DramPage::open}, {"closed", DramPage::closed}},
                       "open", "Rows stay open, or are closed after every burst");
  add_choice<DramRefresh>(*command, "--refresh", controller.refresh,
                          {{"all", DramRefresh::all_banks}, {"bank", DramRefresh::per_bank}, {"off", DramRefresh::off}},
                          "all", "All banks of a rank at once, one by one, or never");
  command->add_option("--write-high", controller.write_high_percent, "Waiting writes that start a drain, % of --queue")
      ->type_name("N")
      ->check(CLI::Range(1, 100).description(""))
      ->capture_default_str();
  command->add_option("--write-low", controller.write_low_percent, "Waiting writes that end it, % of --queue")
      ->type_name("N")
      ->check(CLI::Range(0, 99).description(""))
      ->capture_default_str();
  command
      ->add_option("--row-hit-cap", controller.row_hit_cap,
                   "Bursts of a row that may overtake an older request to the bank; 0: any number")
      ->type_name("N")
      ->check(CLI::Range(0, 1 << 20).description(""))
      ->capture_default_str();
  command
      ->add_option("--gap", options->gap,
                   "Offer request i at cycle N*i (default: at the trace's cycles, or as fast as accepted)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t(0), most_gap).description(""));
  command
      ->add_option("--trace", options->trace, "DRAMsim3, Ramulator or plain (R|W ADDRESS) trace; - is standard input")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "Write the result as JSON");
  command->add_flag("--parts", options->list_parts, "List the parts that ship with the program");
  command->callback([options, &result] { result.exit_code = run(*options); });
}

}  // namespace loopsim
