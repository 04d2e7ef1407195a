// SPDX-License-Identifier: Apache-2.0
//
// The order of work in a request of the truth application is fixed: alloc, leak, cpu, ncpu, sleep,
// bsleep, rd, wr, log, cpu2. ncpu is CPU outside of Python's global lock, which workers with one
// thread do not feel; bsleep is a sleep that blocks an event loop, too.
#include "validation/recording/replay.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "models/cpu/cpu.h"
#include "scenarios/document.h"
#include "sim/random/sampler.h"
#include "validation/recording/neighbor_program.h"
#include "validation/recording/recorded_server.h"
#include "validation/recording/replay_files.h"
#include "validation/recording/request_path.h"

namespace cotenant {
namespace {

struct WorkItem {
  std::string_view parameter;
  Step (*step)(const DurationLaw& demand, bool in_event_loop);
};
Step with_gil(const DurationLaw& demand, bool) { return CpuStep{demand, true}; }
Step without_gil(const DurationLaw& demand, bool) { return CpuStep{demand, false}; }
Step asleep(const DurationLaw& demand, bool) { return SleepStep{demand}; }
Step blocked(const DurationLaw& demand, bool in_event_loop) {
  return WaitStep{demand, in_event_loop};
}
// Memory comes before all that, and is the same for all requests of a recording.
constexpr std::array<std::string_view, 2> kMemoryWork = {"alloc", "leak"};

constexpr std::array<WorkItem, 5> kModeledWork = {{{"cpu", with_gil},
                                                   {"ncpu", without_gil},
                                                   {"sleep", asleep},
                                                   {"bsleep", blocked},
                                                   {"cpu2", with_gil}}};

// What comes after all use of files.
constexpr std::string_view kAfterFiles = "cpu2";

std::string_view value_of(const MeasuredRequest& request, std::string_view parameter) {
  std::string_view value;
  for_each_parameter(request.path, [&](std::string_view name, std::string_view text) {
    if (name == parameter) value = text;
  });
  return value;
}

bool uses(const Bundle& bundle, std::string_view parameter) {
  return std::any_of(
      bundle.requests.begin(), bundle.requests.end(), [&](const MeasuredRequest& request) {
        bool found = false;
        for_each_parameter(request.path, [&](std::string_view name, std::string_view) {
          found = found || name == parameter;
        });
        return found;
      });
}

bool is_alike(const Bundle& bundle, std::string_view parameter) {
  const std::string_view first = value_of(bundle.requests.front(), parameter);
  return std::all_of(
      bundle.requests.begin(), bundle.requests.end(),
      [&](const MeasuredRequest& request) { return value_of(request, parameter) == first; });
}

std::string unmodeled_work(const Bundle& bundle) {
  std::string unknown;
  for (const MeasuredRequest& request : bundle.requests) {
    for_each_parameter(request.path, [&](std::string_view name, std::string_view) {
      const bool modeled =
          is_about_files(name) ||
          std::any_of(kModeledWork.begin(), kModeledWork.end(),
                      [&](const WorkItem& item) { return item.parameter == name; });
      const bool is_memory =
          std::find(kMemoryWork.begin(), kMemoryWork.end(), name) != kMemoryWork.end();
      if (!modeled && !is_memory && unknown.empty()) unknown = std::string(name);
    });
  }
  return unknown;
}

std::string unmodeled_neighbor(const Bundle& bundle) {
  std::string unknown;
  for (const RecordedNeighbor& neighbor : bundle.neighbors) {
    if (!parse_neighbor_program(neighbor.arguments, unknown)) return unknown;
  }
  return {};
}

Group group_of(const Bundle& bundle, const RecordedGroup& recorded) {
  Group group;
  group.cpu_shares = recorded.shares;
  group.io = io_control_of(bundle, recorded);
  group.memory_max = recorded.memory;
  if (!recorded.quota) return group;
  CpuMax limit;
  limit.quota = *recorded.quota;
  limit.period = recorded.period;
  limit.burst = recorded.burst;
  group.cpu_max = limit;
  return group;
}

// At its end each request of the truth application writes a line to a file in memory. Python
// releases its lock around the system call, so another thread may take it. The time is assumed; the
// call is part of what other servers spend on their response.
constexpr Duration kLogWrite = microseconds(5);

// The load generator keeps every connection and uses the last one first, also those of users, who
// here keep one each.
constexpr std::int64_t kEveryConnection = 1'000'000;

ClientKeepAlive keep_alive_of(const OfferedLoad& load) {
  return load.closed ? ClientKeepAlive{} : ClientKeepAlive{kEveryConnection};
}

// The truth application touches all of it: with 50 MiB a request cost 33.7 ms of CPU in the mean
// (E7_hold50_lim120_w2_rate3_s1), with 1 MiB 0.66 ms more than without (E7_leak1_lim150_w1_rate20).
constexpr Duration kTouchMebibyte = microseconds(660);
constexpr double kMebibyte = 1 << 20;

double mebibytes_of(const Bundle& bundle, std::string_view parameter) {
  double mebibytes = 0;
  const std::string text(value_of(bundle.requests.front(), parameter));
  if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), mebibytes);
  constexpr double kMost = 1 << 20;
  return std::clamp(mebibytes, 0.0, kMost);
}

void add_memory(RequestClass& request, const Bundle& bundle, std::string_view parameter) {
  const double mebibytes = mebibytes_of(bundle, parameter);
  if (mebibytes <= 0) return;
  const double cpu = static_cast<double>(kTouchMebibyte.count()) * mebibytes;
  request.steps.push_back(CpuStep{DurationLaw{ConstantLaw{duration_from_nanoseconds(cpu)}}, true});
  const Bytes bytes(static_cast<std::int64_t>(mebibytes * kMebibyte));
  if (parameter == "leak") {
    request.steps.push_back(LeakStep{bytes});
  } else {
    request.steps.push_back(HoldStep{bytes});
  }
}

bool uses_memory(const Bundle& bundle) {
  return bundle.service_group.memory ||
         std::any_of(kMemoryWork.begin(), kMemoryWork.end(),
                     [&](std::string_view parameter) { return uses(bundle, parameter); });
}

// Before the first request: the groups of two workers had 3.0 MiB more than that of one, and the
// first request of a worker added 0.75 MiB to what it kept (the same recordings).
constexpr Bytes kWorkerMemory{3 << 20};
constexpr Bytes kFirstRequest{3 << 18};

std::optional<ServiceMemory> memory_of(const Bundle& bundle) {
  if (!uses_memory(bundle)) return std::nullopt;
  ServiceMemory memory;
  memory.base = kWorkerMemory;
  const Bytes at_first = bundle.samples.front().memory;
  memory.main = std::max(at_first - kWorkerMemory * bundle.server.workers, kFirstRequest);
  memory.copied = kFirstRequest;
  memory.copied_over = 1;
  return memory;
}

Workload workload_of(const Bundle& bundle) {
  Workload workload;
  ReplayArrivals arrivals{"requests.csv.gz", "sched_us"};
  if (bundle.load.closed) {
    arrivals.user_column = "cls";  // what closed loads call their user
    arrivals.done_column = "done_us";
  }
  workload.arrivals = std::move(arrivals);
  RequestClass request;
  for (const std::string_view parameter : kMemoryWork) add_memory(request, bundle, parameter);
  for (const WorkItem& item : kModeledWork) {
    if (item.parameter == kAfterFiles) {
      for (Step& step : file_steps_of(bundle)) request.steps.push_back(std::move(step));
    }
    if (!uses(bundle, item.parameter)) continue;
    const DurationLaw demand{RecordedLaw{"path", std::string(item.parameter), "ms"}};
    request.steps.push_back(item.step(demand, has_loops(bundle.server)));
  }
  if (has_threads(bundle.server)) {
    request.steps.push_back(CpuStep{DurationLaw{ConstantLaw{kLogWrite}}, false});
  }
  if (request.steps.empty()) request.steps.push_back(CpuStep{DurationLaw{ConstantLaw{}}, true});
  workload.requests.emplace_back("recorded", std::move(request));
  workload.clients.timeout = bundle.load.timeout;
  if (bundle.load.keepalive) workload.clients.keep_alive = keep_alive_of(bundle.load);
  return workload;
}

Named<Service> application_of(const Bundle& bundle, double overhead_factor) {
  Named<Service> services = services_of(bundle.server, overhead_factor);
  services.back().second.memory = memory_of(bundle);
  return services;
}

void add_neighbors(Setup& setup, const Bundle& bundle, Duration start, Duration duration) {
  for (std::size_t i = 0; i < bundle.neighbors.size(); ++i) {
    const RecordedNeighbor& recorded = bundle.neighbors[i];
    const std::string name = "nb" + std::to_string(i);
    setup.groups.emplace_back(name, group_of(bundle, recorded.group));
    std::string unknown;
    const auto program = parse_neighbor_program(recorded.arguments, unknown);
    COTENANT_ASSERT(program);
    Neighbor neighbor;
    neighbor.scheduling.group = name;
    if (program->spins()) {
      neighbor.threads = program->threads;
      setup.neighbors.emplace_back(name, neighbor);
      continue;
    }
    // Each thread has random numbers of its own.
    for (std::int64_t t = 0; t < program->threads; ++t) {
      neighbor.pattern = RecordedBursts{bursts_of(*program, recorded.seed, t, start, duration)};
      setup.neighbors.emplace_back(name + " thread " + std::to_string(t), neighbor);
    }
  }
}

Setup setup_of(const Bundle& bundle, Duration start, Duration duration) {
  Setup setup;
  setup.machine.cores = 1;  // all groups were confined to one CPU; the load generator had another
  setup.machine.scheduler = std::string(name_of(SchedulerKind::eevdf));
  setup.machine.disk = disk_of(bundle);
  setup.groups.emplace_back(kServiceGroup, group_of(bundle, bundle.service_group));
  Placement placement;
  placement.scheduling.group = kServiceGroup;
  placement.reads_cpu_clock = true;  // the application burns until its CPU clock says so
  if (bundle.server.proxy) setup.services.emplace_back(kRecordedProxy, placement);
  setup.services.emplace_back(kRecordedServer, placement);
  add_neighbors(setup, bundle, start, duration);
  return setup;
}

}  // namespace

std::string why_not_replayed(const Bundle& bundle) {
  if (bundle.kernel_only)
    return "it has no server: recordings of the kernel alone are not replayed";
  if (std::string why = why_server_is_not_modeled(bundle.server); !why.empty()) return why;
  for (const std::string_view parameter : kMemoryWork) {
    if (!is_alike(bundle, parameter)) {
      return "its requests differ in \"" + std::string(parameter) + "\", which is not modeled";
    }
  }
  if (const std::string work = unmodeled_work(bundle); !work.empty()) {
    return "its requests do \"" + work + "\", which is not modeled";
  }
  if (std::string why = why_files_are_not_replayed(bundle); !why.empty()) return why;
  if (const std::string option = unmodeled_neighbor(bundle); !option.empty()) {
    return "its neighbor has the option " + in_quotes(option) + ", which is not modeled";
  }
  return {};
}

Duration start_of_replay(const Bundle& bundle) {
  const auto first = std::min_element(
      bundle.requests.begin(), bundle.requests.end(),
      [](const MeasuredRequest& a, const MeasuredRequest& b) { return a.scheduled < b.scheduled; });
  return Duration(first->scheduled.count() - first->scheduled.count() % seconds(1).count());
}

Scenario replay_of(const Bundle& bundle, double overhead_factor) {
  COTENANT_ASSERT(why_not_replayed(bundle).empty());
  const Duration start = start_of_replay(bundle);
  Scenario scenario;
  scenario.name = bundle.name;
  scenario.workload = workload_of(bundle);
  scenario.application = application_of(bundle, overhead_factor);
  scenario.study.duration = bundle.load.duration + bundle.load.timeout - start;
  scenario.study.warmup = std::max(bundle.load.warmup - start, Duration(0));
  scenario.setups.emplace_back("recorded", setup_of(bundle, start, scenario.study.duration));
  return scenario;
}

}  // namespace cotenant
