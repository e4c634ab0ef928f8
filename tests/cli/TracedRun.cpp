#include "tests/cli/TracedRun.hpp"

#include <gtest/gtest.h>

#include "tests/TestPaths.hpp"

namespace loopsim {

const std::vector<std::string> small_presets = {"fc_fc/fused.yaml",           "resnet18_block/fused.yaml",
                                                "resnet18_block/layers.yaml", "mobilenetv2_block/fused.yaml",
                                                "attention_rows/fused.yaml",  "attention_flash/fused.yaml"};

std::unique_ptr<Traced> trace(const std::string& workload, const std::string& rung,
                              const std::vector<std::string>& traces, const std::vector<std::string>& more) {
  auto traced = std::make_unique<Traced>();
  std::vector<std::string> arguments = {
      "run", workload, small("edge.yaml"), "--fidelity", rung, "-o", traced->folder.path().string()};
  for (const std::string& kind : traces) arguments.insert(arguments.end(), {"--trace", kind});
  arguments.insert(arguments.end(), more.begin(), more.end());
  traced->outcome = run_program(arguments);
  EXPECT_EQ(traced->outcome.exit_code, 0) << traced->outcome.errors;
  return traced;
}

}  // namespace loopsim
