# Script: writes OUTPUT, a C++ table of the DRAM parts FILES (a list joined by "|").
cmake_minimum_required(VERSION 3.25)

set(entries "")
string(REPLACE "|" ";" files "${FILES}")
foreach(file IN LISTS files)
  file(READ ${file} text)
  # The first line is the summary.
  if(NOT text MATCHES "^# ([^\n]+)\n")
    message(FATAL_ERROR "${file}: the first line must be a comment that says what the part is")
  endif()
  string(REGEX REPLACE "([\"\\])" "\\\\\\1" summary "${CMAKE_MATCH_1}")
  get_filename_component(name ${file} NAME_WLE)
  set(entries "${entries}      {\"${name}\", \"${summary}\", R\"yaml(${text})yaml\"},\n")
endforeach()

file(WRITE ${OUTPUT} "// Written by cmake/EmbedDramParts.cmake.
#include \"arch/dram/DramPartLoader.hpp\"

namespace loopsim {

const std::vector<DramPartText>& shipped_dram_parts() {
  static const std::vector<DramPartText> table = {
${entries}  };
  return table;
}

}  // namespace loopsim
")
