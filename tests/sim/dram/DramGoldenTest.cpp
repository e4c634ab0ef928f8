// Against DRAMsim3, Ramulator 2.1 and DRAMSys 5.0 with the same part, traces and mappings (docs/dram.md).
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/TestPaths.hpp"
#include "tests/sim/dram/DramTraffic.hpp"

namespace loopsim {
namespace {

constexpr std::int64_t requests = 100'000;

/// Three read streams and one write stream in runs of `bytes`.
DramTrace tile_trace(std::int64_t bytes) {
  const std::int64_t l = bytes / 64;
  return trace_of(requests, [l](std::int64_t i) {
    const std::int64_t r = i / (4 * l);
    const std::int64_t j = i % (4 * l);
    const std::int64_t s = j / l;
    const std::int64_t o = j % l;
    const std::int64_t address = s * ((std::int64_t(64) << 20) + (std::int64_t(32) << 10)) + (r * l + o) * 64;
    return DramTraceLine{static_cast<std::uint64_t>(address), s == 3, {}};
  });
}

void expect_within(double ours, std::initializer_list<double> references, double low, double high) {
  const auto [least, greatest] = std::minmax_element(references.begin(), references.end());
  EXPECT_GE(ours, low * *least);
  EXPECT_LE(ours, high * *greatest);
}

/// The page shows our figure.
void expect_in_docs(const std::string& figure) {
  std::ostringstream page;
  page << std::ifstream(source_folder() / "docs/dram.md").rdbuf();
  EXPECT_THAT(page.str(), ::testing::HasSubstr("| " + figure + " |"));
}

void expect_in_docs(std::int64_t cycles) {
  expect_in_docs(fmt::format("{} {:03}", cycles / 1000, cycles % 1000));
}

DramRun with_mapping(const std::string& mapping) {
  DramRun run;
  run.mapping = mapping;
  return run;
}

void expect_cycles(const DramTrace& trace, const DramRun& run, std::initializer_list<double> references) {
  const std::int64_t cycles = cycles_of(trace, run);
  expect_within(static_cast<double>(cycles), references, 0.98, 1.02);
  expect_in_docs(cycles);
}

TEST(DramGolden, SequentialReadInterleaved) {
  expect_cycles(stride_trace(requests, 64), with_mapping(interleaved), {420794, 421211, 420119});
}
TEST(DramGolden, RandomRead) {
  expect_cycles(random_trace(requests, 27), with_mapping(bank_in_row), {688499, 692113, 690621});
}
TEST(DramGolden, RandomWrite) {
  expect_cycles(random_trace(requests, 27, true), with_mapping(interleaved), {687411, 690973, 686222});
}
TEST(DramGolden, Stride1KiB) {
  expect_cycles(stride_trace(requests, 1024), with_mapping(interleaved), {660773, 660772, 660507});
}
TEST(DramGolden, Stride8KiB) {
  expect_cycles(stride_trace(requests, 8192), with_mapping(interleaved), {873063, 873072, 872706});
}
TEST(DramGolden, Tiles256B) {
  expect_cycles(tile_trace(256), with_mapping(bank_in_row), {622876, 631177, 627749});
}
TEST(DramGolden, Tiles1KiB) {
  expect_cycles(tile_trace(1024), with_mapping(bank_in_row), {624498, 623813, 634675});
}

TEST(DramGolden, RandomReadTwoChannels) {
  DramRun run = with_mapping(interleaved + ":channel");
  run.channels = 2;
  expect_cycles(random_trace(requests, 28), run, {346257, 351399, 351655});
}

TEST(DramGolden, RandomReadWithGaps) {
  struct {
    std::int64_t gap;
    double references[3];
  } const cases[] = {{20, {78.5, 75.9, 77.1}}, {50, {69.6, 67.2, 68.3}}, {200, {62.5, 60.9, 60.9}}};
  for (const auto& c : cases) {
    DramRun run = with_mapping(bank_in_row);
    run.gap = DramCycles(c.gap);
    const double latency = read_latency_of(random_trace(20'000, 27), run);
    double nearest = 1e9;
    for (const double reference : c.references) nearest = std::min(nearest, std::abs(latency - reference));
    EXPECT_LE(nearest, 3) << "gap " << c.gap << ": " << latency;
    expect_in_docs(fmt::format("{:.1f}", latency));
  }
}

// A row that was opened is used, whatever is served when it is open: without refresh one ACT a request is enough.
TEST(DramGolden, RandomReadsAndWrites) {
  for (const std::int64_t first_write : {0, 2}) {
    Xorshift64 random;
    const DramTrace trace = trace_of(requests, [&](std::int64_t i) {
      return DramTraceLine{(random.next() & ((std::uint64_t(1) << 27) - 1)) * 64, i % 3 == first_write, {}};
    });
    for (const std::string& mapping : {interleaved, bank_in_row}) {
      const DramStatistics s = statistics_of(trace, with_mapping(mapping));
      EXPECT_LE(s.count(JedecCommand::activate), 101'000) << mapping;
      EXPECT_LT(s.elapsed().value, 725'000) << mapping;
    }
  }
}

TEST(DramGolden, SequentialReadInOneBank) {
  const std::int64_t cycles = cycles_of(stride_trace(requests, 64), with_mapping(bank_in_row));
  expect_within(static_cast<double>(cycles), {511228, 535595, 536930}, 0.95, 1.05);
  expect_in_docs(cycles);
}

}  // namespace
}  // namespace loopsim
