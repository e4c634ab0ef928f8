#include "validation/TaskAnswer.hpp"

#include <fmt/format.h>
#include <new>
#include <stdexcept>

#include "base/Diagnostics.hpp"
#include "base/SystemLimit.hpp"

namespace loopsim {

using Json = nlohmann::ordered_json;

std::string answer_text(const std::function<Json()>& work) {
  Json answer;
  try {
    answer["answer"] = work();
  } catch (const InputError& error) {
    answer["bad_input"] = render_all(error.diagnostics.all());
  } catch (const LimitError& error) {
    answer["limit"] = error.what();
  } catch (const std::bad_alloc&) {
    answer["limit"] = out_of_memory_text();
  } catch (const std::exception& error) {
    answer["error"] = error.what();
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json answer_of(const ForkedOutcome& outcome, const std::string& name) {
  require_finished(outcome, name);
  const Json answer = Json::parse(outcome.text);
  if (answer.contains("bad_input")) {
    Diagnostics diagnostics;
    diagnostics.error({}, fmt::format("{} cannot run:\n{}", name, answer["bad_input"].get<std::string>()));
    throw InputError(diagnostics);
  }
  if (answer.contains("limit")) throw LimitError(fmt::format("{}: {}", name, answer["limit"].get<std::string>()));
  if (answer.contains("error")) {
    throw std::runtime_error(fmt::format("{}: {}", name, answer["error"].get<std::string>()));
  }
  return answer.at("answer");
}

}  // namespace loopsim
