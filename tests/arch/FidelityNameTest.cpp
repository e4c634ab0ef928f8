#include <gtest/gtest.h>

#include "arch/FidelityName.hpp"

namespace loopsim {
namespace {

TEST(FidelityName, NamesAndBack) {
  EXPECT_EQ(fidelity_names(), (std::vector<std::string_view>{"ideal", "bandwidth", "dram", "glb", "noc", "full"}));
  for (const std::string_view name : fidelity_names()) {
    const auto rung = find_fidelity(name);
    ASSERT_TRUE(rung) << name;
    EXPECT_EQ(fidelity_word(*rung), name == "full" ? "noc" : name);
  }
  EXPECT_FALSE(find_fidelity("jedec"));
}

}  // namespace
}  // namespace loopsim
