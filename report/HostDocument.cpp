#include "report/HostDocument.hpp"

#include <algorithm>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <thread>
#include <utility>

namespace loopsim {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double cpu_seconds(const rusage& usage) {
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

HostMeasures measure_host(std::vector<std::string> command_line, std::chrono::steady_clock::time_point start) {
  HostMeasures measures;
  measures.command_line = std::move(command_line);
  utsname name{};
  if (uname(&name) == 0) {
    measures.host = name.nodename;
    measures.system = std::string(name.sysname) + ' ' + name.release + ' ' + name.machine;
  }
  measures.processors = std::thread::hardware_concurrency();
  measures.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage self{};
  rusage children{};
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &children);
  measures.cpu_seconds = cpu_seconds(self) + cpu_seconds(children);
  // Linux counts in KiB.
  measures.peak_memory_bytes = std::max<std::int64_t>(self.ru_maxrss, children.ru_maxrss) * 1024;
  return measures;
}

nlohmann::ordered_json host_document(const HostMeasures& measures, const std::optional<SimulatedWork>& work) {
  nlohmann::ordered_json document = {
      {"command_line", measures.command_line},
      {"host", measures.host},
      {"system", measures.system},
      {"processors", measures.processors},
      {"wall_seconds", measures.wall_seconds},
      {"cpu_seconds", measures.cpu_seconds},
      {"peak_memory_bytes", measures.peak_memory_bytes},
      {"cycles_per_second", nullptr},
      {"macs_per_second", nullptr},
      {"files", measures.files},
  };
  if (work && measures.wall_seconds > 0) {
    document["cycles_per_second"] = static_cast<double>(work->cycles) / measures.wall_seconds;
    document["macs_per_second"] = static_cast<double>(work->macs) / measures.wall_seconds;
  }
  return document;
}

}  // namespace loopsim
