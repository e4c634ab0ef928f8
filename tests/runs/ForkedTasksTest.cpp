#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "runs/ForkedTasks.hpp"

namespace loopsim {
namespace {

using ::testing::HasSubstr;

void sleep_a_little() {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

/// Counters that parent and children share.
struct Shared {
  std::atomic<int> running{0};
  std::atomic<int> most_running{0};
  std::atomic<int> started{0};
};

class SharedMemory {
 public:
  SharedMemory()
      : place_(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
        shared_(new (place_) Shared) {}
  ~SharedMemory() { munmap(place_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Shared* operator->() const { return shared_; }

 private:
  void* place_;
  Shared* shared_;
};

TEST(ForkedTasks, OutcomesAreInTheOrderOfTheTasksWhicheverEndsFirst) {
  const SharedMemory shared;
  constexpr int count = 5;
  std::vector<ForkedTask> tasks;
  // Each waits until those behind it have ended.
  for (int i = 0; i < count; ++i) {
    tasks.emplace_back([&shared, i] {
      while (shared->started < count - 1 - i) sleep_a_little();
      ++shared->started;
      return std::to_string(i);
    });
  }
  const auto outcomes = run_forked_tasks(tasks, count);
  ASSERT_EQ(outcomes.size(), tasks.size());
  for (int i = 0; i < count; ++i) {
    EXPECT_TRUE(outcomes[i].finished);
    EXPECT_EQ(outcomes[i].text, std::to_string(i));
  }
}

TEST(ForkedTasks, NoMoreRunAtATimeThanAsked) {
  for (const int jobs : {1, 3}) {
    const SharedMemory shared;
    const ForkedTask task = [&shared] {
      const int now = ++shared->running;
      int most = shared->most_running;
      while (most < now && !shared->most_running.compare_exchange_weak(most, now)) {
      }
      sleep_a_little();
      --shared->running;
      return std::string("done");
    };
    for (const auto& outcome : run_forked_tasks(std::vector<ForkedTask>(9, task), jobs)) {
      EXPECT_EQ(outcome.text, "done");
    }
    EXPECT_LE(shared->most_running, jobs);
    EXPECT_GE(shared->most_running, 1);
  }
}

TEST(ForkedTasks, WhatIsLongerThanAPipeHoldsArrivesWhole) {
  std::string text;
  for (int i = 0; text.size() < 3'000'000; ++i) text += std::to_string(i) + '\0';
  const std::vector<ForkedTask> tasks(3, [&text] { return text; });
  for (const auto& outcome : run_forked_tasks(tasks, 2)) {
    EXPECT_TRUE(outcome.finished);
    EXPECT_TRUE(outcome.text == text);
  }
}

TEST(ForkedTasks, ACrashIsAnOutcomeAndSparesTheOthers) {
  const std::vector<ForkedTask> tasks = {
      [] { return std::string("first"); },
      []() -> std::string {
        std::signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
        return "not reached";
      },
      []() -> std::string { _exit(3); },
      []() -> std::string {
        std::signal(SIGABRT, SIG_DFL);
        throw std::runtime_error("leaves the task");
      },
      [] { return std::string(); },
  };
  for (const std::size_t jobs : {1, 4}) {
    const auto outcomes = run_forked_tasks(tasks, jobs);
    EXPECT_EQ(outcomes[0].text, "first");
    EXPECT_FALSE(outcomes[1].finished);
    EXPECT_THAT(outcomes[1].text, HasSubstr("signal 11 ("));
    EXPECT_FALSE(outcomes[2].finished);
    EXPECT_EQ(outcomes[2].text, "exit code 3");
    EXPECT_FALSE(outcomes[3].finished);
    EXPECT_THAT(outcomes[3].text, HasSubstr("signal 6 ("));
    EXPECT_TRUE(outcomes[4].finished);
    EXPECT_EQ(outcomes[4].text, "");
  }
}

TEST(ForkedTasks, NothingIsLeftOfThemAndNoTaskIsNoWork) {
  EXPECT_TRUE(run_forked_tasks({}, 4).empty());
  run_forked_tasks(std::vector<ForkedTask>(4, [] { return std::string("x"); }), 2);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no child, not even an ended one
}

TEST(ForkedTasks, TheyEndWithTheProcessThatStartedThem) {
  const SharedMemory shared;
  int alive[2];  // its writing end is open as long as any of the processes lives
  ASSERT_EQ(pipe(alive), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const std::vector<ForkedTask> tasks(2, [&shared]() -> std::string {
      ++shared->started;
      alarm(60);  // should they not end, they do not stay
      for (;;) pause();
    });
    run_forked_tasks(tasks, 2);
    _exit(0);
  }
  ASSERT_GT(parent, 0);
  close(alive[1]);
  for (int i = 0; i < 4'000 && shared->started < 2; ++i) sleep_a_little();
  ASSERT_EQ(shared->started, 2);
  pollfd ended{alive[0], POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 0), 0);
  kill(parent, SIGKILL);
  EXPECT_EQ(poll(&ended, 1, 20'000), 1);  // nothing is ever written: the other end has been closed
  close(alive[0]);
  EXPECT_EQ(waitpid(parent, nullptr, 0), parent);
}

}  // namespace
}  // namespace loopsim
