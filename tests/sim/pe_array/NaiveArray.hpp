#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sim/pe_array/ArrayOutcome.hpp"

namespace loopsim {

/// The array executor's meaning written out: lists every operation of every step and every word, one by one. Shares
/// nothing with the executor but the interface.
class NaiveArray {
 public:
  NaiveArray(const BoundTree& tree, ArrayProgram program);
  ArrayOutcome execute(const std::vector<ArrayLane>& lanes, std::optional<NodeId> advanced);

  /// Coordinates of words, by tensor; once for each instance of level 1.
  struct WordLists {
    std::map<TensorId, std::multiset<std::vector<Coordinate>>> read;
    std::map<TensorId, std::multiset<std::vector<Coordinate>>> written;
  };
  /// What each step of the last execution took from level 1 and put there.
  const std::vector<WordLists>& words_of_steps() const { return words_of_steps_; }

 private:
  using Index = std::vector<Coordinate>;
  using Operations = std::vector<Index>;
  using Words = std::set<Index>;
  using Tiles = std::map<Index, Words>;  ///< by place
  /// All instances in one step.
  struct Step {
    Index time;                        ///< of the program's temporal loops
    std::map<Index, Operations> work;  ///< by place
  };
  struct Demand;

  std::vector<Step> steps_of(const std::vector<ArrayLane>& lanes) const;
  void enumerate(std::size_t node, const Index& time, const std::map<Index, Operations>& work,
                 std::vector<Step>& steps) const;
  void execute_point(std::size_t point, const std::vector<Step>& steps, std::optional<NodeId> advanced, bool boxes,
                     ArrayOutcome& outcome, std::vector<Demand>& demands);
  bool loops_keep_tiles(const std::vector<ArrayLane>& lanes) const;
  Tiles last_tiles(std::size_t point, const std::vector<ArrayLane>& lanes, std::size_t times, std::size_t places) const;
  Words words_of(TensorId tensor, const Operations& operations) const;
  /// Lines that hold some of the words, by bank of level 1.
  std::map<std::size_t, std::int64_t> lines_of(TensorId tensor, const Words& words) const;
  bool exists(TensorId tensor, const Index& word) const;
  std::size_t last_position(LevelId level) const;
  std::size_t spatial_above(std::size_t position) const;

  const BoundTree& tree_;
  ArrayProgram program_;
  const Einsum& einsum_;
  std::vector<NodeId> path_;
  std::vector<TrafficPoint> points_;
  std::vector<ArrayLane> previous_;                     ///< of the last execution
  std::map<std::size_t, std::vector<ArrayLane>> held_;  ///< by point, where an earlier one's tiles are still held
  std::deque<std::vector<StepPacket>> packets_;
  std::deque<ArrayStep> kinds_;  ///< of steps
  std::vector<WordLists> words_of_steps_;
};

}  // namespace loopsim
