// What an array does while nobody is in its way: looked up in sums of its job, many sequences of steps at once.
#include <algorithm>

#include "sim/ports/PortCore.hpp"

namespace loopsim {

const PortCore::Alone& PortCore::alone(StepId id) {
  std::optional<Alone>& known = alone_[id.value];
  if (known) return *known;
  const TimedStep& step = steps_[id];
  Alone result;
  result.pace.time = step.time;
  for (std::size_t s = 0; s < step.services.size(); ++s) {
    const Picoseconds needed = clock_.round_up(step.services[s].time);
    if (needed > result.pace.time) result.pace = {needed, servers_[step.services[s].server].cause, s};
  }
  if (network_ != nullptr && step.load != LoadId()) {
    result.network = clock_.at(network_->paces({{step.load, step.least}}).front().all);
    if (result.network > result.pace.time) result.pace = {result.network, StallCause::noc};
  }
  known = result;
  return *known;
}

StepSpent PortCore::spent_alone(const StepSequence& sequence) {
  const TimedStep& step = steps_[sequence.step];
  const Alone& a = alone(sequence.step);
  Waits waits;
  add_waits(waits, step, a.pace, a.pace.time - step.time, sequence.steps, a.network);
  StepSpent spent;
  book(spent, sequence, clock_.edge(a.pace.time * sequence.steps), waits);
  return spent;
}

/// Sequences that end by `until` while nobody is in the way; true if there are any.
bool PortCore::skip(User& user, Picoseconds until) {
  StepJob& job = *user.job;
  const std::vector<StepSequence>& sequences = job.sequences();
  const bool at_its_beginning = user.next == user.begun && user.left == sequences[user.sequence].steps;
  if (!at_its_beginning || latest_free_ > user.next || until <= user.next) return false;
  if (job.sums_alone().empty()) {
    std::vector<StepSpent> sums(1);
    StepSpent sum;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      sum += spent_alone(sequences[i]);
      if ((i + 1) % StepJob::group == 0) sums.push_back(sum);
    }
    job.set_sums_alone(std::move(sums));
  }
  const Cycle most((until - user.next).value / clock_.period.value);
  StepSpent spent;
  std::size_t sequence = user.sequence;
  const auto go_on_to = [&](std::size_t end) {
    for (; sequence < end; ++sequence) {
      const StepSpent one = spent_alone(sequences[sequence]);
      if (spent.total() + one.total() > most) return false;
      spent += one;
    }
    return true;
  };
  const std::size_t group = StepJob::group;
  if (go_on_to(std::min((sequence + group - 1) / group * group, sequences.size())) && sequence < sequences.size()) {
    const std::vector<StepSpent>& sums = job.sums_alone();
    const auto first = sums.begin() + static_cast<std::ptrdiff_t>(sequence / group);
    const Cycle reached = first->total() + (most - spent.total());
    const auto beyond = std::upper_bound(first, sums.end(), reached,
                                         [](Cycle cycles, const StepSpent& sum) { return cycles < sum.total(); });
    spent += *(beyond - 1);
    spent -= *first;
    sequence = static_cast<std::size_t>(beyond - 1 - sums.begin()) * group;
    go_on_to(sequences.size());
  }
  if (sequence == user.sequence) return false;
  user.spent += spent;
  user.next += clock_.at(spent.total());
  user.begun = user.step_start = user.next;
  user.servers.clear();
  user.served.clear();
  begin_sequence(user, sequence);
  pace_network();
  return true;
}

}  // namespace loopsim
