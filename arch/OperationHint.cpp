#include "arch/OperationHint.hpp"

#include <algorithm>
#include <string>

namespace loopsim {

namespace {

struct OperationHint {
  std::string_view words;  ///< apart by blanks
  std::string_view hint;
};

constexpr OperationHint hints[] = {
    {"gelu silu swish sigmoid tanh elu selu mish softplus hardswish hard_swish leakyrelu leaky_relu prelu relu6 clip "
     "sqrt rsqrt log erf sin cos abs neg floor ceil round reciprocal square cast",
     "A function of one word moves the same words at the same time whatever its values: write 'copy' for it, with "
     "'steps' and 'energy' of its own; its values will not be right"},
    {"softmax logsoftmax log_softmax",
     "A softmax is five einsums: max over the row, sub, exp, a sum over the row (mac), div; "
     "preset:attention_rows/fused "
     "has one"},
    {"layernorm layer_norm rmsnorm rms_norm batchnorm batch_norm norm instancenorm groupnorm",
     "A norm is several einsums: sums over the row are mac, the rest are sub, mul and div; a factor and an offset "
     "alone "
     "are mul and add"},
    {"sum mean avg average avgpool avg_pool averagepool reducesum reducemean reduce accumulate dot matmul gemm conv "
     "conv1d conv2d linear dense fc einsum bmm multiply_accumulate",
     "Products that are summed, and sums, are 'mac', with one operand a sum; for a mean, 'mul' or 'div' in a second "
     "einsum"},
    {"maxpool max_pool maxpool2d argmax reducemax", "The largest of a window is 'max'"},
    {"min minimum minpool", "The smallest is 'max' for all that is counted; its values will not be right"},
    {"pow power", "A square is 'mul' with the tensor read twice, through a copy; other powers as 'copy' with 'steps'"},
    {"multiply product hadamard", "A product of words is 'mul'"},
    {"subtract minus difference", "A difference is 'sub'"},
    {"divide division", "A quotient is 'div'"},
    {"plus addition residual bias", "A sum of two tensors is 'add'"},
    {"identity transpose permute reshape concat concatenate split slice gather pad upsample resize flatten",
     "What only moves words is 'copy', with projections that say which"},
};

std::string in_small_letters(std::string_view word) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return text;
}

}  // namespace

std::string_view operation_hint(std::string_view word) {
  const std::string wanted = in_small_letters(word);
  if (wanted.empty() || wanted.find(' ') != std::string::npos) return "";
  for (const OperationHint& hint : hints) {
    std::string_view rest = hint.words;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, end) == wanted) return hint.hint;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return "";
}

}  // namespace loopsim
