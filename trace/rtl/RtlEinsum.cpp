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

  std::vector<std::string> operands, values, names, conditions;
  for (const TensorAccess& input : einsum.inputs) {
    values.push_back(fmt::format("in{}", values.size()));
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

  // Ranks after this one leave the output's address as it is: their contributions are summed before they are stored.
  std::size_t outer = 0;
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    if (accesses[0].coefficients[r] != 0) outer = r + 1;
  }
  std::vector<std::string> exists(accesses.size());  // the condition so far
  for (std::size_t a = 1; a < accesses.size(); ++a) {
    for (std::size_t c = 0; c < accesses[a].conditions.size(); ++c) {
      conditions.push_back(fmt::format("in{}_exists_{}", a - 1, accesses[a].conditions[c].rank));
    }
  }
  std::sort(conditions.begin(), conditions.end());
  conditions.erase(std::unique(conditions.begin(), conditions.end()), conditions.end());

  TaskWriter out;
  out.line("// {}: {}", einsum.name, access_text(tree.graph, einsum.output, ranks));
  for (const std::string& operand : operands) out.line("//   {}", operand);
  out.line("task einsum_{};", id.value);
  out.indent();
  out.line("input accumulate;");
  out.line("integer {};", fmt::join(ranks, ", "));
  out.line("integer {};", fmt::join(names, ", "));
  if (!conditions.empty()) out.line("reg {};  // not padding", fmt::join(conditions, ", "));
  out.line("reg signed [WIDTH-1:0] result, product, {};", fmt::join(values, ", "));
  out.line("begin");
  out.indent();
  for (std::size_t a = 0; a < accesses.size(); ++a) {
    out.line("{} = base[{}] + {};", address[a], a, accesses[a].constant);
  }
  for (std::size_t r = 0; r <= ranks.size(); ++r) {
    if (r == outer) out.line("result = sum[{}];", address[0]);
    if (r == ranks.size()) break;
    out.line("for ({0} = low[{1}]; {0} < high[{1}]; {0} = {0} + 1) begin", ranks[r], r);
    out.indent();
    for (std::size_t a = 0; a < accesses.size(); ++a) {
      if (accesses[a].coefficients[r] != 0) {
        const std::string next = accesses[a].variable + "_" + std::to_string(r);
        out.line("{} = {} + {};", next, address[a], sum_text({{r, accesses[a].coefficients[r]}}, 0, ranks));
        address[a] = next;
      }
      std::vector<std::string> here;
      for (const Access::Condition& condition : accesses[a].conditions) {
        if (condition.rank == r) here.push_back(condition.text);
      }
      if (a == 0 || here.empty()) continue;
      if (!exists[a].empty()) here.insert(here.begin(), exists[a]);
      exists[a] = fmt::format("in{}_exists_{}", a - 1, r);
      out.line("{} = {};", exists[a], fmt::join(here, " && "));
    }
  }
  for (std::size_t a = 1; a < accesses.size(); ++a) {
    if (exists[a].empty()) {
      out.line("in{} = value[{}];", a - 1, address[a]);
    } else {
      out.line("in{} = {} ? value[{}] : 0;", a - 1, exists[a], address[a]);
    }
  }
  out.line("product = {};", contribution(einsum.operation, einsum.inputs.size()));
  out.line("if (^product === 1'bx) begin");
  for (std::size_t a = 1; a < accesses.size(); ++a) {
    out.line("  if (^in{} === 1'bx) fault(\"read where it is not:\", {});", a - 1, address[a]);
  }
  out.line("  product = 0;");
  out.line("end");
  out.line(einsum.operation == Operation::max ? "if (product > result) result = product;"
                                              : "result = result + product;");
  for (std::size_t r = ranks.size(); r > outer; --r) {
    out.outdent();
    out.line("end");
  }
  const TensorId tensor = einsum.output.tensor;
  const bool all_stored =
      tree.tensors[tensor].extent.size() == static_cast<std::int64_t>(kit.memories->layout(tensor).words);
  out.line("if (accumulate && summing[{0}]) sum[{0}] = result;", address[0]);
  if (all_stored) {
    out.line("else if (accumulate) fault(\"updated, but it was not begun:\", {});", address[0]);
  } else {
    out.line("// else no einsum reads the word, so it is not stored");
  }
  for (std::size_t r = outer; r > 0; --r) {
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
