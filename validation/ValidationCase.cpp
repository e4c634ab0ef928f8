#include "validation/ValidationCase.hpp"

#include <algorithm>

#include "validation/ValidationData.hpp"

namespace loopsim {

namespace {

const std::vector<std::string> order = {"looptree", "tileflow_gemm", "tileflow_fused", "fused_layer_cnn",
                                        "depfin",   "flat",          "pipelines",      "looptree_studies",
                                        "dram",     "noc",           "systolic",       "contention"};

std::size_t rank_of(const ValidationCase& c) {
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), c.name) - order.begin());
}

std::string text_of(const DocumentNodePtr& node, const char* what, Diagnostics& diagnostics) {
  return node ? read_text(*node, what, diagnostics).value_or("") : "";
}

}  // namespace

void throw_errors(const Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) throw InputError(diagnostics);
}

ValidationCase read_validation_case(const std::shared_ptr<const SourceText>& source, Diagnostics& diagnostics) {
  ValidationCase result;
  result.document = parse_document(source, diagnostics);
  if (!result.document) return result;
  MapReader reader(*result.document, "a validation case", diagnostics);
  result.name = text_of(reader.required("case"), "name of the case", diagnostics);
  result.title = text_of(reader.required("title"), "title", diagnostics);
  result.kind = text_of(reader.required("kind"), "kind of case", diagnostics);
  result.source = text_of(reader.required("source"), "source", diagnostics);
  result.compared = text_of(reader.required("compared"), "what is compared", diagnostics);
  result.assumption = text_of(reader.optional("assumption"), "assumption", diagnostics);
  result.calibrated = text_of(reader.optional("calibrated"), "what was calibrated", diagnostics);
  result.conclusion = text_of(reader.optional("conclusion"), "conclusion", diagnostics);
  if (const auto across = reader.optional("across")) {
    result.across = read_boolean(*across, "across", diagnostics).value_or(false);
  }
  return result;
}

void accept_common_keys(MapReader& reader) {
  for (const char* key :
       {"case", "title", "kind", "source", "compared", "assumption", "calibrated", "conclusion", "across"}) {
    reader.ignore(key);
  }
}

void for_each_item(MapReader& reader, const char* key, Diagnostics& diagnostics,
                   const std::function<void(const DocumentNode&)>& read) {
  const auto node = reader.required(key);
  const auto* items = node ? read_list(*node, key, diagnostics) : nullptr;
  if (items == nullptr) return;
  for (const DocumentNodePtr& item : *items) read(*item);
}

std::vector<ValidationCase> validation_cases() {
  Diagnostics diagnostics;
  std::vector<ValidationCase> cases;
  for (const ValidationFile& file : validation_files()) {
    if (file.name.rfind("cases/", 0) != 0) continue;
    cases.push_back(read_validation_case(validation_file(std::string(file.name)), diagnostics));
  }
  throw_errors(diagnostics);
  std::stable_sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
  return cases;
}

Bar read_bar(const DocumentNodePtr& node, Diagnostics& diagnostics) {
  Bar bar;
  if (!node) return bar;
  if (node->is_scalar()) {
    bar.kind = Bar::Kind::exact;
    if (node->text != "exact") diagnostics.error(node->where, "a bar is 'exact' or a map such as {within: 0.02}");
    return bar;
  }
  MapReader reader(*node, "a bar", diagnostics);
  const auto number = [&](const char* key) -> std::optional<double> {
    const DocumentNodePtr value = reader.optional(key);
    return value ? read_number(*value, key, diagnostics) : std::nullopt;
  };
  const auto set = [&](Bar::Kind kind, double low, double high) { bar = {kind, low, high}; };
  if (const auto within = number("within")) set(Bar::Kind::within, *within, 0);
  if (const auto least = number("at_least")) set(Bar::Kind::at_least, *least, 0);
  if (const auto most = number("at_most")) set(Bar::Kind::at_most, 0, *most);
  const auto low = number("low");
  const auto high = number("high");
  if (low && high) set(Bar::Kind::between, *low, *high);
  reader.finish();
  if (bar.kind == Bar::Kind::none) diagnostics.error(node->where, "a bar without a figure");
  return bar;
}

}  // namespace loopsim
