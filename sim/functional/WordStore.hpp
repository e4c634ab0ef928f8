#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "sim/functional/Values.hpp"

namespace loopsim {

/// The words that one instance of a storage node holds. A word is finished, or it is being accumulated; while it is
/// being accumulated anew, the finished value that was there before stays readable (pipelines keep it in another slot).
/// Memory follows what is held.
class WordStore {
 public:
  explicit WordStore(std::size_t words) : pages_((words + page_words - 1) / page_words) {}

  /// The finished value; nullptr if there is none.
  const Value* finished(std::size_t index) const {
    const auto& page = pages_[index / page_words];
    if (page && page->states[index % page_words] == State::finished) return &page->values[index % page_words];
    return previous_.empty() ? nullptr : previous(index);
  }
  /// The running value of a word that is being accumulated; nullptr if it is not.
  Value* running(std::size_t index) {
    if (state(index) != State::running) return nullptr;
    return &pages_[index / page_words]->values[index % page_words];
  }
  bool holds(std::size_t index) const { return state(index) != State::absent; }

  void begin(std::size_t index, Value running);
  void finish(std::size_t index);
  void put(std::size_t index, Value finished);
  void erase(std::size_t index);

 private:
  enum class State : unsigned char { absent, running, finished };
  static constexpr std::size_t page_words = 512;
  struct Page {
    std::array<Value, page_words> values;
    std::array<State, page_words> states{};
    std::size_t held = 0;
  };

  State state(std::size_t index) const {
    const auto& page = pages_[index / page_words];
    return page ? page->states[index % page_words] : State::absent;
  }
  const Value* previous(std::size_t index) const;
  void set(std::size_t index, Value value, State to);

  std::vector<std::unique_ptr<Page>> pages_;
  std::unordered_map<std::size_t, Value> previous_;  ///< finished values of words that are being accumulated anew
};

}  // namespace loopsim
