#include "sim/functional/WordStore.hpp"

namespace loopsim {

const Value* WordStore::previous(std::size_t index) const {
  const auto found = previous_.find(index);
  return found != previous_.end() ? &found->second : nullptr;
}

void WordStore::begin(std::size_t index, Value running) {
  if (state(index) == State::finished) previous_[index] = *finished(index);
  set(index, running, State::running);
}

void WordStore::finish(std::size_t index) {
  pages_[index / page_words]->states[index % page_words] = State::finished;
  if (!previous_.empty()) previous_.erase(index);
}

void WordStore::put(std::size_t index, Value finished) {
  set(index, finished, State::finished);
  if (!previous_.empty()) previous_.erase(index);
}

void WordStore::erase(std::size_t index) {
  if (state(index) == State::absent) return;
  if (!previous_.empty()) previous_.erase(index);
  auto& page = pages_[index / page_words];
  page->states[index % page_words] = State::absent;
  if (--page->held == 0) page.reset();
}

void WordStore::set(std::size_t index, Value value, State to) {
  auto& page = pages_[index / page_words];
  if (!page) page = std::make_unique<Page>();
  State& old = page->states[index % page_words];
  if (old == State::absent) ++page->held;
  old = to;
  page->values[index % page_words] = value;
}

}  // namespace loopsim
