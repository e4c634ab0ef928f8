# Script: writes OUTPUT, a C++ table of FILES (a list joined by "|" of NAME=PATH).
cmake_minimum_required(VERSION 3.25)

set(entries "")
string(REPLACE "|" ";" files "${FILES}")
foreach(file IN LISTS files)
  string(REGEX MATCH "^([^=]+)=(.+)$" parts "${file}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" text)
  string(FIND "${text}" ")data\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${name}: contains the end mark of a C++ raw string")
  endif()
  set(entries "${entries}      {\"${name}\", R\"data(${text})data\"},\n")
endforeach()

file(WRITE ${OUTPUT} "// Written by cmake/EmbedValidation.cmake.
#include \"validation/ValidationData.hpp\"

namespace loopsim {

const std::vector<ValidationFile>& validation_files() {
  static const std::vector<ValidationFile> table = {
${entries}  };
  return table;
}

}  // namespace loopsim
")
