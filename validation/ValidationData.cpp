#include "validation/ValidationData.hpp"

namespace loopsim {

std::shared_ptr<const SourceText> validation_file(const std::string& name) {
  for (const ValidationFile& file : validation_files()) {
    if (file.name == name) {
      return std::make_shared<SourceText>(SourceText{"validation/" + name, std::string(file.text)});
    }
  }
  return nullptr;
}

}  // namespace loopsim
