#include "published/TaskAnswer.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "base/Diagnostics.hpp"

namespace loopsim {

using Json = nlohmann::ordered_json;

std::string answer_text(const std::function<Json()>& work) {
  Json answer;
  try {
    answer["answer"] = work();
  } catch (const InputError& error) {
    answer["bad_input"] = render_all(error.diagnostics.all());
  } catch (const std::exception& error) {
    answer["error"] = error.what();
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json answer_of(const ForkedOutcome& outcome, const std::string& name) {
  if (!outcome.finished) throw std::runtime_error(fmt::format("{}: its process ended with {}", name, outcome.text));
  const Json answer = Json::parse(outcome.text);
  if (answer.contains("bad_input")) {
    Diagnostics diagnostics;
    diagnostics.error({}, fmt::format("{} cannot run:\n{}", name, answer["bad_input"].get<std::string>()));
    throw InputError(diagnostics);
  }
  if (answer.contains("error")) {
    throw std::runtime_error(fmt::format("{}: {}", name, answer["error"].get<std::string>()));
  }
  return answer.at("answer");
}

}  // namespace loopsim
