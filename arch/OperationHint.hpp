#pragma once

#include <string_view>

namespace loopsim {

/// How to express an operation of networks that is none of ours, so that nobody is sent to another one of a similar
/// spelling; empty if the word is no such operation.
std::string_view operation_hint(std::string_view word);

}  // namespace loopsim
