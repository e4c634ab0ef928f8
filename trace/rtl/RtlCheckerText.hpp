#pragma once

namespace loopsim {

/// The parts of a kit's checker that are the same for every run, in the order of the file. Between them stands what
/// rtl_checker() generates.
struct RtlCheckerText {
  static const char* const head;      ///< how to use it, the format of commands.txt, the beginning of the module
  static const char* const state;     ///< variables, what memories hold, errors, the arithmetic of the operations
  static const char* const commands;  ///< a task for each command
  static const char* const replay;    ///< the comparison with the expected results and the main loop
};

}  // namespace loopsim
