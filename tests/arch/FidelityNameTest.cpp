#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "arch/FidelityName.hpp"

namespace loopsim {
namespace {

using ::testing::Contains;

TEST(FidelityName, NamesAndBack) {
  EXPECT_EQ(fidelity_names(), (std::vector<std::string_view>{"ideal", "bandwidth", "dram", "glb", "noc", "full"}));
  for (const std::string_view name : fidelity_names()) {
    const auto rung = find_fidelity(name);
    ASSERT_TRUE(rung) << name;
    EXPECT_EQ(fidelity_word(*rung), name == "full" ? "noc" : name);
  }
  EXPECT_FALSE(find_fidelity("jedec"));
}

TEST(FidelityName, ModelledRungsAreTheLowerOnes) {
  const std::vector<std::string> modelled = modelled_fidelity_names();
  EXPECT_THAT(modelled, Contains("bandwidth"));
  ASSERT_LE(modelled.size(), fidelity_names().size());
  EXPECT_TRUE(std::equal(modelled.begin(), modelled.end(), fidelity_names().begin()));
  for (const std::string_view name : fidelity_names()) {
    EXPECT_EQ(is_modelled(*find_fidelity(name)), std::count(modelled.begin(), modelled.end(), name) == 1) << name;
  }
}

TEST(FidelityName, ARefusalNamesTheHighestRungThereIs) {
  std::string highest = modelled_fidelity_names().back();
  if (highest == "full") highest = "noc";
  EXPECT_EQ(not_modelled_message("x"), "fidelity 'x' is not available: this build models up to '" + highest + "'");
}

}  // namespace
}  // namespace loopsim
