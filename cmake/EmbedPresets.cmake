# Script: writes OUTPUT, a C++ table of the presets MACHINES and WORKLOADS (lists joined by "|", below ROOT).
cmake_minimum_required(VERSION 3.25)

set(entries "")

function(embed kind prefix file)
  file(READ ${file} text)
  # The first line is the summary.
  if(NOT text MATCHES "^# ([^\n]+)\n")
    message(FATAL_ERROR "${file}: the first line must be a comment that says what the preset is")
  endif()
  string(REGEX REPLACE "[ .]+$" "" summary "${CMAKE_MATCH_1}")
  string(REGEX REPLACE "([\"\\])" "\\\\\\1" summary "${summary}")
  file(RELATIVE_PATH name ${ROOT}/${prefix} ${file})
  string(REGEX REPLACE "\\.yaml$" "" name "${name}")
  string(FIND "${text}" ")yaml\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${file}: contains the end mark of a C++ raw string")
  endif()
  set(entries "${entries}      {\"${name}\", \"${kind}\", \"${summary}\", R\"yaml(${text})yaml\"},\n" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" machines "${MACHINES}")
string(REPLACE "|" ";" workloads "${WORKLOADS}")
foreach(file IN LISTS machines)
  embed(machine arch/presets ${file})
endforeach()
foreach(file IN LISTS workloads)
  embed(workload workloads/presets ${file})
endforeach()

file(WRITE ${OUTPUT} "// Written by cmake/EmbedPresets.cmake.
#include \"workloads/Presets.hpp\"

namespace loopsim {

const std::vector<Preset>& presets() {
  static const std::vector<Preset> table = {
${entries}  };
  return table;
}

}  // namespace loopsim
")
