#include "cli/OutputOptions.hpp"

#include <iostream>
#include <utility>

#include "cli/Terminal.hpp"
#include "models/ResolvedYaml.hpp"
#include "report/CaseFiles.hpp"
#include "report/CaseTable.hpp"
#include "report/JsonText.hpp"
#include "report/StatsDocument.hpp"

namespace loopsim {
namespace {

/// Those of the models; the inputs' were shown with their place as soon as they were known.
void print_model_warnings(const CaseResult& result) {
  Diagnostics diagnostics;
  for (const std::string& warning : all_warnings(result, Provenance())) diagnostics.warning({}, warning);
  print_diagnostics(diagnostics.all());
}

}  // namespace

std::shared_ptr<OutputOptions> add_output_options(CLI::App& command, std::vector<std::string> command_line) {
  auto options = std::make_shared<OutputOptions>();
  options->command_line = std::move(command_line);
  options->start = std::chrono::steady_clock::now();
  command.add_option("-o,--output", options->folder, "Write stats.json, stats.csv, resolved.yaml and host.json there")
      ->type_name("DIR");
  command.add_flag("--json", options->json, "Write stats.json to standard output instead of the table");
  command.add_flag("--all", options->all, "Every tensor and every metric that differs in the table");
  return options;
}

void check_output(const OutputOptions& options) {
  if (options.folder) check_output(*options.folder, case_file_names());
}

void deliver(const OutputOptions& options, const Inputs& inputs, const BoundTree& tree, const CaseResult& result,
             const Provenance& provenance) {
  print_model_warnings(result);
  std::string document;
  if (options.json || options.folder) document = json_text(stats_document(tree, result, provenance));
  if (options.folder) {
    const HostMeasures host = measure_host(options.command_line, options.start);
    write_output(*options.folder, case_files(tree, result, document, resolved_yaml(inputs), host));
  }
  TableStyle style = terminal_style();
  style.all = options.all;
  std::cout << (options.json ? document : case_table(tree, result, provenance, style));
}

}  // namespace loopsim
