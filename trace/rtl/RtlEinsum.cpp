#include "trace/rtl/RtlEinsum.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

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
  std::string name;                        ///< of the operand: "out", "in0"
  std::int64_t constant = 0;               ///< of the address, from the region's first word
  std::vector<std::int64_t> coefficients;  ///< of the address, by rank
  struct Condition {
    std::size_t rank = 0;  ///< the last of its ranks; it holds from there on
    std::string text;
  };
  std::vector<Condition> conditions;  ///< on which the word lies within the tensor

  std::string address() const { return name + "_address"; }
  std::string address_in(std::size_t rank) const { return fmt::format("{}_address_{}", name, rank); }
  std::string exists_in(std::size_t rank) const { return fmt::format("{}_exists_{}", name, rank); }
};

Access access_of(const EinsumGraph& graph, const TensorLayout& layout, const Einsum& einsum, const TensorAccess& access,
                 std::string name, const std::vector<std::string>& ranks) {
  Access result;
  result.name = std::move(name);
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
    if (least >= box.low && greatest < box.high) continue;
    const std::string text = sum_text(expression.terms, expression.constant, ranks);
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

/// Verilog identifiers of an einsum's ranks.
std::vector<std::string> rank_names(const EinsumGraph& graph, const Einsum& einsum) {
  std::vector<std::string> names;
  for (const RankId rank : einsum.ranks) names.push_back("r_" + rtl_name(graph.ranks[rank].name));
  for (std::size_t r = 0; r < names.size(); ++r) {
    if (std::count(names.begin(), names.end(), names[r]) > 1) names[r] += fmt::format("_{}", r);
  }
  return names;
}

/// Writes the task: `begin`, a loop for each rank, the operation, and the ends.
class EinsumTask {
 public:
  EinsumTask(const BoundTree& tree, const RtlMemories& memories, EinsumId id);
  std::string text();

 private:
  bool stores_all() const;
  void declare();
  void begin_loop(std::size_t rank);
  void extend_address(std::size_t access, std::size_t rank);
  void extend_condition(std::size_t access, std::size_t rank);
  void read_operands();
  void contribute();
  void store_result();
  void end_block();

  const BoundTree& tree_;
  const RtlMemories& memories_;
  EinsumId id_;
  const Einsum& einsum_;
  std::vector<std::string> ranks_;
  std::vector<Access> accesses_;      ///< output, then inputs
  std::vector<std::string> address_;  ///< of each access: the variable with the address so far
  std::vector<std::string> exists_;   ///< of each access: the variable with the condition so far; empty: it exists
  /// Ranks from this one on leave the output's address as it is: their contributions are summed before they are stored.
  std::size_t summed_ = 0;
  TaskWriter out_;
};

EinsumTask::EinsumTask(const BoundTree& tree, const RtlMemories& memories, EinsumId id)
    : tree_(tree),
      memories_(memories),
      id_(id),
      einsum_(tree.graph.einsums[id]),
      ranks_(rank_names(tree.graph, einsum_)),
      exists_(einsum_.inputs.size() + 1) {
  const auto add = [&](const TensorAccess& access, std::string name) {
    accesses_.push_back(
        access_of(tree.graph, memories.layout(access.tensor), einsum_, access, std::move(name), ranks_));
    address_.push_back(accesses_.back().address());
  };
  add(einsum_.output, "out");
  for (const TensorAccess& input : einsum_.inputs) add(input, fmt::format("in{}", accesses_.size() - 1));
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    if (accesses_[0].coefficients[r] != 0) summed_ = r + 1;
  }
}

/// Words of the output that no einsum reads are not.
bool EinsumTask::stores_all() const {
  const TensorId tensor = einsum_.output.tensor;
  return tree_.tensors[tensor].extent.size() == static_cast<std::int64_t>(memories_.layout(tensor).words);
}

void EinsumTask::declare() {
  std::vector<std::string> addresses, values;
  std::set<std::string> conditions;
  for (const Access& access : accesses_) {
    addresses.push_back(access.address());
    for (std::size_t r = 0; r < ranks_.size(); ++r) {
      if (access.coefficients[r] != 0) addresses.push_back(access.address_in(r));
    }
    if (&access == &accesses_.front()) continue;
    values.push_back(access.name);
    for (const Access::Condition& condition : access.conditions) conditions.insert(access.exists_in(condition.rank));
  }
  out_.line("input accumulate;");
  out_.line("integer {};", fmt::join(ranks_, ", "));
  out_.line("integer {};", fmt::join(addresses, ", "));
  if (!conditions.empty()) out_.line("reg {};  // not padding", fmt::join(conditions, ", "));
  out_.line("reg signed [WIDTH-1:0] result, product, {};", fmt::join(values, ", "));
}

void EinsumTask::begin_loop(std::size_t rank) {
  out_.line("for ({0} = low[{1}]; {0} < high[{1}]; {0} = {0} + 1) begin", ranks_[rank], rank);
  out_.indent();
  for (std::size_t a = 0; a < accesses_.size(); ++a) {
    extend_address(a, rank);
    if (a > 0) extend_condition(a, rank);
  }
}

void EinsumTask::extend_address(std::size_t access, std::size_t rank) {
  const std::int64_t coefficient = accesses_[access].coefficients[rank];
  if (coefficient == 0) return;
  const std::string next = accesses_[access].address_in(rank);
  out_.line("{} = {} + {};", next, address_[access], sum_text({{rank, coefficient}}, 0, ranks_));
  address_[access] = next;
}

void EinsumTask::extend_condition(std::size_t access, std::size_t rank) {
  std::vector<std::string> parts;
  for (const Access::Condition& condition : accesses_[access].conditions) {
    if (condition.rank == rank) parts.push_back(condition.text);
  }
  if (parts.empty()) return;
  if (!exists_[access].empty()) parts.insert(parts.begin(), exists_[access]);
  exists_[access] = accesses_[access].exists_in(rank);
  out_.line("{} = {};", exists_[access], fmt::join(parts, " && "));
}

void EinsumTask::read_operands() {
  for (std::size_t a = 1; a < accesses_.size(); ++a) {
    if (exists_[a].empty()) {
      out_.line("{} = value[{}];", accesses_[a].name, address_[a]);
    } else {
      out_.line("{} = {} ? value[{}] : 0;", accesses_[a].name, exists_[a], address_[a]);
    }
  }
}

void EinsumTask::contribute() {
  out_.line("product = {};", contribution(einsum_.operation, einsum_.inputs.size()));
  out_.line("if (^product === 1'bx) begin");
  for (std::size_t a = 1; a < accesses_.size(); ++a) {
    out_.line("  if (^{} === 1'bx) fault(\"read where it is not:\", {});", accesses_[a].name, address_[a]);
  }
  out_.line("  product = 0;");
  out_.line("end");
  out_.line(einsum_.operation == Operation::max ? "if (product > result) result = product;"
                                                : "result = result + product;");
}

void EinsumTask::store_result() {
  out_.line("if (accumulate && summing[{0}]) sum[{0}] = result;", address_[0]);
  if (stores_all()) {
    out_.line("else if (accumulate) fault(\"updated, but it was not begun:\", {});", address_[0]);
  } else {
    out_.line("// else no einsum reads the word, so it is not stored");
  }
}

void EinsumTask::end_block() {
  out_.outdent();
  out_.line("end");
}

std::string EinsumTask::text() {
  out_.line("// {}: {}", einsum_.name, access_text(tree_.graph, einsum_.output, ranks_));
  for (std::size_t i = 0; i < einsum_.inputs.size(); ++i) {
    out_.line("//   in{} = {}", i, access_text(tree_.graph, einsum_.inputs[i], ranks_));
  }
  out_.line("task einsum_{};", id_.value);
  out_.indent();
  declare();
  out_.line("begin");
  out_.indent();
  for (std::size_t a = 0; a < accesses_.size(); ++a) {
    out_.line("{} = base[{}] + {};", address_[a], a, accesses_[a].constant);
  }
  for (std::size_t r = 0; r < summed_; ++r) begin_loop(r);
  out_.line("result = sum[{}];", address_[0]);
  for (std::size_t r = summed_; r < ranks_.size(); ++r) begin_loop(r);
  read_operands();
  contribute();
  for (std::size_t r = summed_; r < ranks_.size(); ++r) end_block();
  store_result();
  for (std::size_t r = 0; r < summed_; ++r) end_block();
  end_block();
  out_.outdent();
  out_.line("endtask");
  return out_.take();
}

}  // namespace

std::string rtl_einsum(const BoundTree& tree, const RtlMemories& memories, EinsumId einsum) {
  return EinsumTask(tree, memories, einsum).text();
}

}  // namespace loopsim
