#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <string>

#include "tests/TestPaths.hpp"
#include "tests/generator/Campaign.hpp"

namespace loopsim::generator {
namespace {

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

/// Inputs as users might write them, from a generator that shares nothing with the other tests, on every rung:
/// everything adds up, is explained, and is over in a few seconds. LOOPSIM_GENERATOR_FIRST, _COUNT and _KEEP choose the
/// seeds and a folder for inputs that fail (docs/maintainers.md).
TEST(GeneratorCampaign, SlowInputsOfAllKindsRunOnEveryRung) {
  CampaignPlan plan;
  plan.program = environment("LOOPSIM_GENERATOR_PROGRAM", program_path());
  plan.first = std::stoull(environment("LOOPSIM_GENERATOR_FIRST", "1"));
  plan.count = std::stoi(environment("LOOPSIM_GENERATOR_COUNT", "300"));
  plan.keep = environment("LOOPSIM_GENERATOR_KEEP", "");
  const CampaignReport report = run_campaign(plan);
  std::cout << describe(report);
  for (const std::string& failure : report.failures) ADD_FAILURE() << failure;

  // Without these shares good exits would prove little.
  EXPECT_LE(report.refused * 100, report.inputs * 30);
  for (const char* feature : {"pipelines", "spatial loops", "private levels", "padding", "strides"}) {
    EXPECT_GE(report.features.at(feature) * 100, report.ran * 20) << feature;
  }
}

}  // namespace
}  // namespace loopsim::generator
