#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace loopsim {

/// A Verilog function of one integer whose values are listed.
struct VerilogFunction {
  struct Value {
    std::int64_t argument = 0;
    std::string value;    ///< an expression
    std::string comment;  ///< may be empty
  };
  std::string type;     ///< "integer"
  std::string name;     ///< must be an identifier
  std::string comment;  ///< may be empty
  std::vector<Value> values;
};

/// As a `case`: other arguments than those listed give `otherwise`.
std::string case_function(const VerilogFunction& function, const std::string& argument, int otherwise);

/// Of `at`: each value is for arguments below its own, from the one listed before on; beyond the ends it is 0.
std::string range_function(const VerilogFunction& function);

}  // namespace loopsim
