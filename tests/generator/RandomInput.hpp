#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/generator/Tree.hpp"

namespace loopsim::generator {

/// What a user could have written: files, and words of the command line.
struct RandomInput {
  std::vector<std::pair<std::string, std::string>> files;  ///< name and text
  std::vector<std::string> words;                          ///< files by their names, presets, --set
  TreeFeatures tree;
  bool pads = false;
  bool strides = false;
  bool sized = false;
  std::vector<std::string> finite;  ///< keys of resources that can be doubled, with the doubled value: KEY=VALUE
};

RandomInput random_input(std::uint64_t seed);

}  // namespace loopsim::generator
