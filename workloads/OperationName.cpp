#include "workloads/OperationName.hpp"

namespace loopsim {

const char* operation_name(Operation operation) {
  switch (operation) {
    case Operation::mac:
      return "mac";
    case Operation::add:
      return "add";
    case Operation::sub:
      return "sub";
    case Operation::mul:
      return "mul";
    case Operation::max:
      return "max";
    case Operation::exp:
      return "exp";
    case Operation::div:
      return "div";
    case Operation::relu:
      return "relu";
    case Operation::copy:
      return "copy";
  }
  return "";
}

}  // namespace loopsim
