#include "sim/ports/StepJob.hpp"

#include <algorithm>
#include <map>

#include "base/CheckedMath.hpp"

namespace loopsim {

std::string name_of(StallCause cause, PortDetail detail) {
  constexpr const char* names[] = {"port", "bank_conflict", "serialization", "rounding", "arbitration"};
  return std::string(to_string(cause)) + "." + names[static_cast<std::size_t>(detail)];
}

Cycle StepSpent::total() const {
  Cycle sum = compute;
  for (const Cycle cycles : stall) sum += cycles;
  return sum;
}

StepSpent& StepSpent::operator+=(const StepSpent& other) {
  compute += other.compute;
  for (std::size_t i = 0; i < stall_causes; ++i) stall[i] += other.stall[i];
  waits += other.waits;
  return *this;
}

StepSpent& StepSpent::operator-=(const StepSpent& other) {
  compute -= other.compute;
  for (std::size_t i = 0; i < stall_causes; ++i) stall[i] -= other.stall[i];
  waits -= other.waits;
  return *this;
}

StepJob::StepJob(std::vector<StepSequence> sequences, const IdVector<StepId, TimedStep>& steps)
    : sequences_(std::move(sequences)), least_(sequences_.size() / group + 1) {
  std::map<StepId, std::int64_t> counts;
  for (const StepSequence& sequence : sequences_) counts[sequence.step] += sequence.steps;
  std::map<ServerIndex, Served> served;
  std::map<LoadId, std::int64_t> carried;
  for (const auto& [id, count] : counts) {
    for (const TimedStep::Service& service : steps[id].services) {
      Served& sum = served[service.server];
      sum.server = service.server;
      sum.time += service.time * count;
      sum.bits = checked_add(sum.bits, checked_multiply(service.bits, count));
    }
    if (steps[id].load != LoadId()) carried[steps[id].load] += count;
  }
  for (const auto& [server, sum] : served) served_.push_back(sum);
  for (const auto& [load, count] : carried) carried_.push_back({load, count});
  Cycle least;
  for (std::size_t i = sequences_.size(); i-- > 0;) {
    least += steps[sequences_[i].step].least * sequences_[i].steps;
    if (i % group == 0) least_[i / group] = least;
  }
}

Cycle StepJob::least_from(std::size_t sequence, const IdVector<StepId, TimedStep>& steps) const {
  const std::size_t end = std::min((sequence + group - 1) / group * group, sequences_.size());
  Cycle least = end / group < least_.size() && end % group == 0 ? least_[end / group] : Cycle();
  for (std::size_t i = sequence; i < end; ++i) least += steps[sequences_[i].step].least * sequences_[i].steps;
  return least;
}

}  // namespace loopsim
