#pragma once

#include <memory>

#include "base/Diagnostics.hpp"

namespace loopsim {

/// Reports inputs that are no YAML but known all the same: ONNX models, SCALE-Sim, MAESTRO. Returns whether it is one.
bool report_foreign_text(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics);

}  // namespace loopsim
