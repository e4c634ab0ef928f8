// The Verilog task that executes operations of one einsum.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "trace/rtl/RtlChecker.hpp"

namespace loopsim {

namespace {

/// Signed terms: "P1 + R1 - 1".
std::string sum_text(const std::vector<AffineTerm>& terms, std::int64_t constant,
                     const std::vector<std::string>& ranks) {
  std::string text;
  const auto add = [&](std::int64_t amount, const std::string& factor) {
    if (text.empty()) {
      text = amount < 0 ? "-" : "";
    } else {
      text += amount < 0 ? " - " : " + ";
    }
    const std::string size = std::to_string(amount < 0 ? -amount : amount);
    text += factor.empty() ? size : size == "1" ? factor : size + " * " + factor;
  };
  for (const AffineTerm& term : terms) add(term.coefficient, ranks[term.rank]);
  if (constant != 0 || text.empty()) add(constant, "");
  return text;
}

/// How an access finds its address and whether the word exists.
struct Access {
  std::string variable;                    ///< address so far: the variable's name, then the rank's
  std::int64_t constant = 0;               ///< of the address, from the region's first word
  std::vector<std::int64_t> coefficients;  ///< of the address, by rank
  struct Condition {
    std::size_t rank = 0;  ///< the last of its ranks; it holds from there on
    std::string text;
  };
  std::vector<Condition> conditions;  ///< on which the word lies within the tensor
  bool never = false;                 ///< it never does
};

Access access_of(const RtlReplay& kit, const Einsum& einsum, const TensorAccess& access, std::string variable,
                 const std::vector<std::string>& ranks) {
  const EinsumGraph& graph = kit.run->tree->graph;
  const TensorLayout& layout = kit.memories->layout(access.tensor);
  Access result;
  result.variable = std::move(variable);
  result.coefficients.resize(ranks.size());
  for (std::size_t d = 0; d < access.projection.size(); ++d) {
    const AffineExpression& expression = access.projection[d];
    const Interval box = layout.box[d];
    result.constant += (expression.constant - box.low) * layout.strides[d];
    std::int64_t least = expression.constant, greatest = expression.constant;
    std::size_t last = 0;
    for (const AffineTerm& term : expression.terms) {
      result.coefficients[term.rank] += term.coefficient * layout.strides[d];
      const Rank& rank = graph.ranks[einsum.ranks[term.rank]];
      const std::int64_t first = term.coefficient * rank.low, end = term.coefficient * (rank.high - 1);
      least += std::min(first, end);
      greatest += std::max(first, end);
      last = std::max(last, term.rank);
    }
    const std::string text = sum_text(expression.terms, expression.constant, ranks);
    if (least >= box.low && greatest < box.high) continue;
    if (expression.terms.empty()) result.never = true;
    result.conditions.push_back({last, fmt::format("{} >= {} && {} < {}", text, box.low, text, box.high)});
  }
  return result;
}

std::string contribution(Operation operation, std::size_t operands) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < operands; ++i) names.push_back(fmt::format("in{}", i));
  switch (operation) {
    case Operation::mac:
    case Operation::mul:
    case Operation::max:
      return fmt::format("{}", fmt::join(names, " * "));
    case Operation::add:
      return fmt::format("{}", fmt::join(names, " + "));
    case Operation::sub:
      return fmt::format("{}", fmt::join(names, " - "));
    case Operation::exp:
      return "exponential(in0)";
    case Operation::div:
      return operands < 2 ? "in0" : "quotient(in0, in1)";
    case Operation::relu:
      return "(in0 > 0 ? in0 : 0)";
    case Operation::copy:
      return "in0";
  }
  return "in0";
}

std::string access_text(const EinsumGraph& graph, const TensorAccess& access, const std::vector<std::string>& ranks) {
  std::vector<std::string> coordinates;
  for (const AffineExpression& expression : access.projection) {
    coordinates.push_back(sum_text(expression.terms, expression.constant, ranks));
  }
  return fmt::format("{}[{}]", graph.tensors[access.tensor].name, fmt::join(coordinates, ", "));
}

/// Lines of the task, indented as its loops are.
class TaskWriter {
 public:
  template <class... Parts>
  void line(fmt::format_string<Parts...> text, Parts&&... parts) {
    text_.append(depth_ * 2, ' ');
    text_ += fmt::format(text, std::forward<Parts>(parts)...);
    text_ += '\n';
  }
  void indent() { ++depth_; }
  void outdent() { --depth_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t depth_ = 1;
};

}  // namespace

std::string rtl_einsum(const RtlReplay& kit, EinsumId id) {
  const BoundTree& tree = *kit.run->tree;
  const Einsum& einsum = tree.graph.einsums[id];
  std::vector<std::string> ranks;
  for (RankId rank : einsum.ranks) ranks.push_back("r_" + rtl_name(tree.graph.ranks[rank].name));
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    if (std::count(ranks.begin(), ranks.end(), ranks[r]) > 1) ranks[r] += fmt::format("_{}", r);
  }
  std::vector<Access> accesses = {access_of(kit, einsum, einsum.output, "out_address", ranks)};
  for (std::size_t i = 0; i < einsum.inputs.size(); ++i) {
    accesses.push_back(access_of(kit, einsum, einsum.inputs[i], fmt::format("in{}_address", i), ranks));
  }

  std::vector<std::string> operands, names;
  for (const TensorAccess& input : einsum.inputs) {
    operands.push_back(fmt::format("in{} = {}", operands.size(), access_text(tree.graph, input, ranks)));
  }
  // The address so far, by access, and its variables by rank.
  std::vector<std::string> address(accesses.size());
  for (std::size_t a = 0; a < accesses.size(); ++a) {
    address[a] = accesses[a].variable;
    names.push_back(address[a]);
    for (std::size_t r = 0; r < ranks.size(); ++r) {
      if (accesses[a].coefficients[r] != 0) names.push_back(accesses[a].variable + "_" + std::to_string(r));
    }
  }

  TaskWriter out;
  out.line("// {}: {}", einsum.name, access_text(tree.graph, einsum.output, ranks));
  for (const std::string& operand : operands) out.line("//   {}", operand);
  out.line("task einsum_{};", id.value);
  out.indent();
  out.line("input accumulate;");
  out.line("integer {};", fmt::join(ranks, ", "));
  out.line("integer {};", fmt::join(names, ", "));
  for (std::size_t a = 1; a < accesses.size(); ++a) {
    for (std::size_t c = 0; c < accesses[a].conditions.size(); ++c) out.line("reg in{}_exists_{};", a - 1, c);
  }
  for (std::size_t i = 0; i < einsum.inputs.size(); ++i) out.line("reg signed [WIDTH-1:0] in{};", i);
  out.line("begin");
  out.indent();
  for (std::size_t a = 0; a < accesses.size(); ++a) {
    out.line("{} = base[{}] + {};", address[a], a, accesses[a].constant);
  }
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    out.line("for ({0} = low[{1}]; {0} < high[{1}]; {0} = {0} + 1) begin", ranks[r], r);
    out.indent();
    for (std::size_t a = 0; a < accesses.size(); ++a) {
      if (accesses[a].coefficients[r] != 0) {
        const std::string next = accesses[a].variable + "_" + std::to_string(r);
        out.line("{} = {} + {};", next, address[a], sum_text({{r, accesses[a].coefficients[r]}}, 0, ranks));
        address[a] = next;
      }
      for (std::size_t c = 0; a > 0 && c < accesses[a].conditions.size(); ++c) {
        if (accesses[a].conditions[c].rank != r) continue;
        out.line("in{}_exists_{} = {};", a - 1, c, accesses[a].conditions[c].text);
      }
    }
  }
  for (std::size_t a = 1; a < accesses.size(); ++a) {
    const std::string value = fmt::format("in{}", a - 1);
    std::vector<std::string> exists;
    for (std::size_t c = 0; c < accesses[a].conditions.size(); ++c)
      exists.push_back(fmt::format("{}_exists_{}", value, c));
    const std::string first =
        exists.empty() ? "" : fmt::format("if (!({})) {} = 0;  // padding", fmt::join(exists, " && "), value);
    if (!first.empty()) out.line("{}", first);
    out.line("{}if (state[{}] == COMPLETE) {} = value[{}];", exists.empty() ? "" : "else ", address[a], value,
             address[a]);
    out.line("else read_slowly({}, {});", address[a], value);
  }
  const std::string result = contribution(einsum.operation, einsum.inputs.size());
  const std::string out_address = address[0];
  const TensorId tensor = einsum.output.tensor;
  const bool all_stored =
      tree.tensors[tensor].extent.size() == static_cast<std::int64_t>(kit.memories->layout(tensor).words);
  out.line("if (accumulate && state[{}] == PARTIAL) begin", out_address);
  out.indent();
  if (einsum.operation == Operation::max) {
    out.line("product = {};", result);
    out.line("if (product > value[{0}]) value[{0}] = product;", out_address);
  } else {
    out.line("value[{0}] = value[{0}] + {1};", out_address, result);
  }
  out.outdent();
  if (all_stored) {
    out.line("end else if (accumulate) fault(\"updated, but not being accumulated:\", {});", out_address);
  } else {
    out.line("end  // else: no einsum reads the word, so it is not stored");
  }
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    out.outdent();
    out.line("end");
  }
  out.outdent();
  out.line("end");
  out.outdent();
  out.line("endtask");
  return out.take();
}

}  // namespace loopsim
