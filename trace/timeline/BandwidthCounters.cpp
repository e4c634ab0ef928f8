#include "trace/timeline/BandwidthCounters.hpp"

namespace loopsim {

namespace {

constexpr Picoseconds interval(1'000'000);

}  // namespace

BandwidthCounters::BandwidthCounters(TimelineWriter& writer) : writer_(&writer) {
  const TrackId group = writer.add_group("DRAM bandwidth");
  bandwidth_[0].track = writer.add_counter("DRAM read", "MB/s", group);
  bandwidth_[1].track = writer.add_counter("DRAM write", "MB/s", group);
}

void BandwidthCounters::close(Bandwidth& bandwidth, std::int64_t next) {
  if (bandwidth.interval >= 0) writer_->counter(bandwidth.track, interval * bandwidth.interval, bandwidth.bytes);
  // Back to nothing, unless the next interval follows.
  if (bandwidth.interval >= 0 && next != bandwidth.interval + 1) {
    writer_->counter(bandwidth.track, interval * (bandwidth.interval + 1), 0);
  }
  bandwidth.interval = next;
  bandwidth.bytes = 0;
}

void BandwidthCounters::add(Picoseconds time, std::int64_t bytes, bool write) {
  Bandwidth& bandwidth = bandwidth_[write ? 1 : 0];
  const std::int64_t now = time.value / interval.value;
  if (now != bandwidth.interval) close(bandwidth, now);
  bandwidth.bytes += bytes;
}

void BandwidthCounters::finish() {
  for (Bandwidth& bandwidth : bandwidth_) close(bandwidth, -1);
}

}  // namespace loopsim
