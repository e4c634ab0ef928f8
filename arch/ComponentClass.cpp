#include "arch/ComponentClass.hpp"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string>

namespace loopsim {

ComponentClass classify_component(std::string_view class_name) {
  std::string name(class_name);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto contains = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.find(word) != std::string::npos; });
  };
  const auto ends_with = [&](std::string_view word) {
    return name.size() >= word.size() && name.compare(name.size() - word.size(), word.size(), word) == 0;
  };
  // Order matters: "smartbuffer_RF" is a register file, and a network's name may mention what it connects.
  if (contains({"noc", "network", "router", "multicast", "reductiontree", "wire", "nothing", "legacy"})) {
    return ComponentClass::other;
  }
  if (contains({"dram", "hbm", "ddr"})) return ComponentClass::dram;
  if (contains({"regfile", "reg_file", "register", "flip_flop"}) || name.rfind("reg", 0) == 0 || ends_with("_rf") ||
      name == "rf") {
    return ComponentClass::register_file;
  }
  if (contains({"sram", "storage", "buffer", "scratchpad", "spad", "memory", "cache", "fifo"}))
    return ComponentClass::sram;
  if (contains({"mac", "compute", "adder", "multiplier", "alu"})) return ComponentClass::compute;
  return ComponentClass::unknown;
}

}  // namespace loopsim
