#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/TemporaryFolder.hpp"
#include "tests/cli/ReadPage.hpp"
#include "tests/cli/RunProgram.hpp"
#include "tests/cli/TestFiles.hpp"

namespace loopsim {

/// Reports of real output folders.
class ReportCommand : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// Makes an output folder of that name.
  nlohmann::ordered_json make(const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-o", path(name)});
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    return nlohmann::ordered_json::parse(text_of(path(name) + "/stats.json"));
  }

  ReadPage report(const std::vector<std::string>& names) {
    std::vector<std::string> arguments = {"report"};
    for (const std::string& name : names) arguments.push_back(path(name));
    arguments.insert(arguments.end(), {"-o", path("report.html")});
    const ProgramOutcome outcome = run_program(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors, "");
    return read_page(path("report.html"));
  }

  TemporaryFolder folder_;
};

}  // namespace loopsim
