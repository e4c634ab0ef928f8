#include "sim/functional/WordStore.hpp"

namespace loopsim {

const Value* WordStore::finished(std::size_t index) const {
  const auto& page = pages_[index / page_words];
  if (!page) return nullptr;
  if (page->states[index % page_words] == State::finished) return &page->values[index % page_words];
  if (previous_.empty()) return nullptr;
  const auto found = previous_.find(index);
  return found != previous_.end() ? &found->second : nullptr;
}

Value* WordStore::running(std::size_t index) {
  if (state(index) != State::running) return nullptr;
  return &pages_[index / page_words]->values[index % page_words];
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
