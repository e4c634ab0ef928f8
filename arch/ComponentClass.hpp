#pragma once

#include <string_view>

namespace loopsim {

/// What a component of an architecture is for us.
enum class ComponentClass { dram, sram, register_file, compute, other, unknown };

/// By the names that Timeloop and Accelergy use ("DRAM", "smartbuffer_SRAM", "regfile", "intmac", …), case ignored.
/// `other` are known classes that neither store nor compute: networks, and those that stand for nothing.
ComponentClass classify_component(std::string_view class_name);

}  // namespace loopsim
