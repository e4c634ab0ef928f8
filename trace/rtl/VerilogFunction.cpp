#include "trace/rtl/VerilogFunction.hpp"

#include <fmt/format.h>

namespace loopsim {

namespace {

std::string line_end(const std::string& comment) {
  return comment.empty() ? "\n" : fmt::format("  // {}\n", comment);
}

std::string head(const VerilogFunction& function, const std::string& argument) {
  return fmt::format("  function {} {};{}    input integer {};\n", function.type, function.name,
                     line_end(function.comment), argument);
}

}  // namespace

std::string case_function(const VerilogFunction& function, const std::string& argument, int otherwise) {
  std::string text = head(function, argument) + fmt::format("    case ({})\n", argument);
  for (const VerilogFunction::Value& value : function.values) {
    text += fmt::format("      {}: {} = {};{}", value.argument, function.name, value.value, line_end(value.comment));
  }
  return text + fmt::format("      default: {} = {};\n    endcase\n  endfunction\n", function.name, otherwise);
}

std::string range_function(const VerilogFunction& function) {
  std::string text = head(function, "at") + fmt::format("    if (at < 0) {} = 0;\n", function.name);
  for (const VerilogFunction::Value& value : function.values) {
    text += fmt::format("    else if (at < {}) {} = {};{}", value.argument, function.name, value.value,
                        line_end(value.comment));
  }
  return text + fmt::format("    else {} = 0;\n  endfunction\n", function.name);
}

}  // namespace loopsim
