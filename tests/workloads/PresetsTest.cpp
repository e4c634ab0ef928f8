#include <gtest/gtest.h>
#include <set>
#include <string>

#include "workloads/Presets.hpp"

namespace loopsim {
namespace {

TEST(Presets, TheMachinesAndWorkloadsShip) {
  std::set<std::string> machines, workloads;
  for (const Preset& preset : presets()) {
    auto& names = preset.kind == "machine" ? machines : workloads;
    EXPECT_TRUE(preset.kind == "machine" || preset.kind == "workload") << preset.name;
    EXPECT_TRUE(names.emplace(preset.name).second) << preset.name << " twice";
  }
  EXPECT_EQ(machines, (std::set<std::string>{"edge", "ideal", "large"}));
  for (const char* name :
       {"fc_fc", "resnet18_block", "mobilenetv2_block", "attention_rows", "attention_flash", "vgge_front", "fsrcnn"}) {
    EXPECT_EQ(workloads.count(std::string(name) + "/fused"), 1u) << name;
    EXPECT_EQ(workloads.count(std::string(name) + "/layers"), 1u) << name;
  }
}

TEST(Presets, SummaryIsTheFirstLine) {
  for (const Preset& preset : presets()) {
    SCOPED_TRACE(preset.name);
    EXPECT_EQ(preset.text.rfind("# " + std::string(preset.summary) + "\n", 0), 0u);
    EXPECT_FALSE(preset.summary.empty());
    EXPECT_EQ(preset.text.back(), '\n');
  }
}

TEST(Presets, LookUpByName) {
  const auto edge = preset_text("edge");
  ASSERT_TRUE(edge);
  EXPECT_NE(edge->find("GlobalBuffer"), std::string_view::npos);
  const auto fused = preset_text("resnet18_block/fused");
  ASSERT_TRUE(fused);
  EXPECT_NE(fused->find("mapping:"), std::string_view::npos);
  EXPECT_FALSE(preset_text("resnet18_block"));
  EXPECT_FALSE(preset_text(""));
}

}  // namespace
}  // namespace loopsim
