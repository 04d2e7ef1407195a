// SPDX-License-Identifier: Apache-2.0
//
// The server and its neighbors were confined to one CPU, and the load generator had the other: the
// machine of the capture is that one CPU, and what a tenant's kernel could say of it.
#include "validation/capture/capture_of.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/csv_reader.h"

namespace cotenant {
namespace {

constexpr const char* kServerGroup = "srv";
constexpr const char* kNeighborGroup = "nb0";

// What server.csv.gz says of a request that reached its end in a worker.
struct ServedRequest {
  Duration service;
  CpuTime cpu;
  std::int64_t worker = 0;
};

class Columns {
 public:
  Columns(CsvReader& csv, const std::vector<std::string>& names) : csv_(csv) {
    if (!csv_.read_header()) return;
    for (const std::string& name : names) numbers_.push_back(csv_.column(name));
  }
  bool next() { return csv_.problems().empty() && !numbers_.empty() && csv_.next_row(); }
  std::int64_t operator[](std::size_t index) { return csv_.whole(numbers_[index]); }

 private:
  CsvReader& csv_;
  std::vector<std::size_t> numbers_;
};

CpuTime cpu_us(std::int64_t number) { return CpuTime(1000) * number; }

CapturedGroup group_of(std::string name, const RecordedGroup& recorded) {
  CapturedGroup group;
  group.name = std::move(name);
  group.cpu_weight = weight_of_shares(recorded.shares);
  group.cpu_quota = recorded.quota;
  group.cpu_period = recorded.period;
  group.cpu_burst = recorded.burst;
  group.memory_max = recorded.memory;
  if (recorded.bfq_weight > 0) group.io_weight = recorded.bfq_weight;
  return group;
}

CapturedServer server_of(const RecordedServer& recorded) {
  CapturedServer server;
  server.kind = recorded.kind;
  server.group = kServerGroup;
  server.workers = recorded.workers;
  server.threads = recorded.threads;
  server.backlog = recorded.backlog;
  if (recorded.max_requests > 0) server.max_requests = recorded.max_requests;
  server.limit_concurrency = recorded.limit_concurrency;
  server.timeout = recorded.timeout;
  server.keep_alive = recorded.keepalive;
  return server;
}

std::map<std::int64_t, ServedRequest> read_served(const Bundle& bundle, Diagnostics& diagnostics) {
  CsvReader csv(bundle.directory / "server.csv.gz");
  Columns columns(csv, {"id", "pid", "start_us", "end_us", "cpu_us"});
  std::map<std::int64_t, ServedRequest> served;
  while (columns.next()) {
    const Duration service = microseconds(columns[3]) - microseconds(columns[2]);
    served[columns[0]] = {service, cpu_us(columns[4]), columns[1]};
  }
  diagnostics.add(csv.problems());
  return served;
}

// Its rows are those of bundle.requests, which has not kept all columns.
void read_requests(const Bundle& bundle, Capture& capture, Diagnostics& diagnostics) {
  const std::map<std::int64_t, ServedRequest> served = read_served(bundle, diagnostics);
  CsvReader csv(bundle.directory / "requests.csv.gz");
  Columns columns(csv, {"id", "cls", "sched_us", "done_us", "status"});
  // In a closed loop the column is the user, not what is asked for.
  const bool has_classes = !bundle.load.closed;
  constexpr std::int64_t kMostClasses = 1000;
  while (columns.next()) {
    const std::int64_t number = has_classes ? columns[1] : 0;
    if (number < 0 || number >= kMostClasses) csv.row_problem("cls must be from 0 to 999");
    if (!csv.problems().empty()) break;
    CapturedRequest request;
    request.class_index = static_cast<std::uint32_t>(number);
    request.arrival = microseconds(columns[2]);
    request.done = std::max(request.arrival, microseconds(columns[3]));
    request.status = static_cast<std::int32_t>(std::clamp<std::int64_t>(columns[4], 0, 999));
    if (const auto found = served.find(columns[0]); found != served.end()) {
      request.service = found->second.service;
      request.cpu = found->second.cpu;
      request.worker = found->second.worker;
    }
    while (capture.classes.size() <= request.class_index) {
      capture.classes.push_back("class " + std::to_string(capture.classes.size()));
    }
    capture.requests.push_back(request);
  }
  diagnostics.add(csv.problems());
  std::stable_sort(
      capture.requests.begin(), capture.requests.end(),
      [](const CapturedRequest& a, const CapturedRequest& b) { return a.arrival < b.arrival; });
}

GroupSample server_sample(Columns& columns) {
  GroupSample sample;
  sample.at = microseconds(columns[0]);
  sample.cpu = cpu_us(columns[1]);
  sample.nr_periods = columns[2];
  sample.nr_throttled = columns[3];
  sample.throttled = microseconds(columns[4]);
  sample.memory = Bytes(columns[5]);
  sample.memory_max_events = columns[6];
  sample.oom_kills = columns[7];
  sample.accept_queue = columns[8];
  sample.read_ios = columns[9];
  sample.write_ios = columns[10];
  sample.read = Bytes(columns[11]);
  sample.written = Bytes(columns[12]);
  sample.cpu_some = microseconds(columns[13]);
  sample.cpu_full = microseconds(columns[14]);
  sample.memory_some = microseconds(columns[15]);
  sample.memory_full = microseconds(columns[16]);
  sample.io_some = microseconds(columns[17]);
  sample.io_full = microseconds(columns[18]);
  sample.processes = columns[19];
  return sample;
}

void read_samples(const Bundle& bundle, Capture& capture, Diagnostics& diagnostics) {
  CsvReader csv(bundle.directory / "resources.csv.gz");
  Columns columns(csv, {"t_us",
                        "srv_cpu_us",
                        "nr_periods",
                        "nr_throttled",
                        "throttled_us",
                        "mem_bytes",
                        "failcnt",
                        "oom_kill",
                        "acceptq",
                        "rd_ios",
                        "wr_ios",
                        "rd_bytes",
                        "wr_bytes",
                        "psi_cpu_some_us",
                        "psi_cpu_full_us",
                        "psi_mem_some_us",
                        "psi_mem_full_us",
                        "psi_io_some_us",
                        "psi_io_full_us",
                        "nprocs",
                        "nb_cpu_us",
                        "foreign0_us",
                        "steal0_us"});
  constexpr std::size_t kNeighborCpu = 20, kForeignCpu = 21, kStolen = 22;
  while (columns.next()) {
    const GroupSample sample = server_sample(columns);
    capture.groups[0].samples.push_back(sample);
    GroupSample neighbor;
    neighbor.at = sample.at;
    neighbor.cpu = cpu_us(columns[kNeighborCpu]);
    if (capture.groups.size() > 1) capture.groups[1].samples.push_back(neighbor);
    HostSample host;
    host.at = sample.at;
    host.busy = sample.cpu + neighbor.cpu + cpu_us(columns[kForeignCpu]);
    host.stolen = cpu_us(columns[kStolen]);
    capture.host.push_back(host);
  }
  diagnostics.add(csv.problems());
}

}  // namespace

std::int64_t weight_of_shares(std::int64_t shares) {
  // sched_weight_to_cgroup() of kernel/sched/core.c: 1024 shares are a weight of 100.
  constexpr std::int64_t kShares = 1024, kWeight = 100, kMostWeight = 10'000;
  return std::clamp<std::int64_t>((shares * kWeight + kShares / 2) / kShares, 1, kMostWeight);
}

Checked<Capture> capture_of(const Bundle& bundle) {
  Capture capture;
  capture.name = bundle.name;
  capture.origin = "recorded experiment, format 0";
  capture.resolution = microseconds(1);
  capture.machine.cgroup_version = 1;
  capture.server = server_of(bundle.server);
  capture.groups.push_back({group_of(kServerGroup, bundle.service_group), {}});
  if (bundle.neighbors.size() == 1) {
    capture.groups.push_back({group_of(kNeighborGroup, bundle.neighbors[0].group), {}});
  } else if (!bundle.neighbors.empty()) {
    capture.groups.push_back({group_of("neighbors", RecordedGroup()), {}});
    capture.remarks.push_back("the CPU of the neighbors is only known of all together");
  }
  Diagnostics diagnostics;
  read_requests(bundle, capture, diagnostics);
  read_samples(bundle, capture, diagnostics);
  if (!diagnostics.empty()) return diagnostics;
  return capture;
}

}  // namespace cotenant
