#include "cli/OutputOptions.hpp"

#include <iostream>
#include <utility>

#include "cli/InputOptions.hpp"
#include "cli/Terminal.hpp"
#include "inputs/ResolvedYaml.hpp"
#include "report/CaseFiles.hpp"
#include "report/CaseTable.hpp"
#include "report/JsonText.hpp"
#include "report/StatsCsv.hpp"
#include "report/StatsDocument.hpp"
#include "runs/OutputFolder.hpp"

namespace loopsim {
namespace {

void print_warnings(const std::vector<std::string>& warnings) {
  Diagnostics diagnostics;
  for (const std::string& warning : warnings) diagnostics.warning({}, warning);
  print_diagnostics(diagnostics.all());
}

std::string host_json(const OutputOptions& options, std::vector<std::string> files,
                      const std::optional<SimulatedWork>& work) {
  HostMeasures host = measure_host(options.command_line, options.start);
  host.files = std::move(files);
  return json_text(host_document(host, work));
}

}  // namespace

std::shared_ptr<OutputOptions> add_output_options(CLI::App& command, std::vector<std::string> command_line) {
  auto options = std::make_shared<OutputOptions>();
  options->command_line = std::move(command_line);
  options->start = std::chrono::steady_clock::now();
  command.add_option("-o,--output", options->folder, "Write stats.json, stats.csv, resolved.yaml and host.json there")
      ->type_name("DIR");
  command.add_flag("--json", options->json, "Write stats.json to standard output instead of the table");
  return options;
}

void add_all_option(CLI::App& command, OutputOptions& options) {
  command.add_flag("--all", options.all, "Every tensor and every metric that differs in the table");
}

bool wants_documents(const OutputOptions& options) {
  return options.json || options.folder;
}

void check_output(OutputOptions& options, const Inputs& inputs) {
  if (!options.folder) return;
  options.files.prepare(*options.folder, case_file_names(), paths_of(inputs));
  options.files.on_trace = [&options] {
    std::vector<std::string> written = options.files.traces();
    written.emplace_back("host.json");
    write_output(*options.folder, {{"host.json", host_json(options, std::move(written), std::nullopt)}},
                 &options.files.lock());
  };
}

void deliver(OutputOptions& options, const Inputs& inputs, const Outputs& delivery) {
  print_warnings(delivery.warnings);
  if (options.folder) {
    options.files.remove_earlier_run();
    options.files.show_removed();
    std::vector<std::string> written = case_file_names();
    written.insert(written.end(), options.files.traces().begin(), options.files.traces().end());
    write_output(*options.folder,
                 case_files(delivery.stats_json, delivery.stats_csv, resolved_yaml(inputs),
                            host_json(options, std::move(written), delivery.work)),
                 &options.files.lock());
  }
  std::cout << (options.json ? delivery.stats_json : delivery.table);
}

void deliver(OutputOptions& options, const Inputs& inputs, const BoundTree& tree, const CaseResult& result,
             const Provenance& provenance) {
  Outputs delivery;
  delivery.warnings = all_warnings(result, Provenance());
  during("writing the results", [&] {
    if (wants_documents(options)) delivery.stats_json = json_text(stats_document(tree, result, provenance));
    if (options.folder) delivery.stats_csv = stats_csv(tree, result);
  });
  if (result.measurement) delivery.work = SimulatedWork{result.measurement->cycles, result.measurement->macs};
  TableStyle style = terminal_style();
  style.all = options.all;
  if (!options.json) delivery.table = case_table(tree, result, provenance, style);
  deliver(options, inputs, delivery);
}

}  // namespace loopsim
