#include "cli/ReportCommand.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/Terminal.hpp"
#include "report/CaseFiles.hpp"
#include "report/RunRecord.hpp"
#include "report/page/ReportPage.hpp"
#include "report/page/RunFolder.hpp"
#include "runs/OutputFolder.hpp"

namespace loopsim {
namespace {

struct ReportOptions {
  std::vector<std::string> folders;
  std::string output;
};

/// What the page is made from, and what else a run has in its folder.
std::vector<std::filesystem::path> files_of_run(const std::filesystem::path& folder) {
  std::vector<std::string> names = files_of_earlier_run(folder);
  for (const std::string& name : case_file_names()) names.push_back(name);
  names.emplace_back("trace.json");
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) files.push_back(folder / name);
  return files;
}

ExitCode report(const ReportOptions& options) {
  const std::filesystem::path output(options.output);
  const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : std::filesystem::path(".");
  const std::string name = output.filename().string();
  for (const std::string& input : options.folders) protect_inputs(files_of_run(input), folder, {name});
  check_output(folder, {name});
  const std::string page = during("drawing the page", [&] { return report_page(read_run_folders(options.folders)); });
  write_output(folder, {{name, page}});
  return ExitCode::good;
}

}  // namespace

void add_report_command(CLI::App& app, CommandResult& result) {
  CLI::App* const command = app.add_subcommand("report", "Show output folders as charts on one HTML page");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("DIR", options->folders, "Folders that run, ladder or estimate wrote with -o; side by side")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", options->output, "The page, a file that opens without a network")
      ->required()
      ->type_name("FILE");
  command->callback([options, &result] { result.exit_code = report(*options); });
}

}  // namespace loopsim
