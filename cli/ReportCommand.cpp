#include "cli/ReportCommand.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/Terminal.hpp"
#include "report/OutputFolder.hpp"
#include "report/page/ReportPage.hpp"
#include "report/page/RunFolder.hpp"

namespace loopsim {
namespace {

struct ReportOptions {
  std::vector<std::string> folders;
  std::string output;
};

ExitCode report(const ReportOptions& options) {
  const std::filesystem::path output(options.output);
  const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : std::filesystem::path(".");
  check_output(folder, {output.filename().string()});
  const std::string page = during("drawing the page", [&] { return report_page(read_run_folders(options.folders)); });
  write_output(folder, {{output.filename().string(), page}});
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
