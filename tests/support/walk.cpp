// SPDX-License-Identifier: Apache-2.0
#include "tests/support/walk.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "models/step.h"

namespace cotenant {
namespace {

// One broken invariant breaks many; a handful is enough to see which came first.
constexpr std::size_t kMaxComplaints = 10;

bool wants_cpu(WorkerPhase phase) {
  return phase != WorkerPhase::idle && phase != WorkerPhase::waiting;
}

bool same_burst(const WorkerState& a, const WorkerState& b) {
  return a.phase == b.phase && a.step == b.step && a.request == b.request;
}

bool has_quotas(const Blueprint& blueprint) {
  return std::any_of(blueprint.cpu.groups.begin(), blueprint.cpu.groups.end(),
                     [](const CpuGroup& group) { return group.bandwidth.has_value(); });
}

class Watcher {
 public:
  Watcher(const World& world, const Blueprint& blueprint, const Blueprint& judged_by)
      : world_(world), blueprint_(blueprint), judged_by_(judged_by) {}

  void look() {
    const Instant now = world_.events.now();
    if (now < last_) complain("time went back");
    if (world_.events.next_instant() < now) complain("something is due in the past");
    pass_time(now);
    look_at_requests(now);
    look_at_services();
    look_at_cpu();
  }

  // What is still in the system counts up to the end.
  Walked finish(RunRecord record) {
    pass_time(record.end);
    for (const Seen& seen : seen_) {
      if (seen.live) sojourns_ += (record.end - seen.arrival).count();
    }
    std::uint64_t arrivals = 0;
    for (const SourceState& source : world_.sources) arrivals += source.next_ordinal;
    for (const std::uint32_t cycles : world_.user_cycles) arrivals += cycles;
    const auto integral = static_cast<std::int64_t>(speed_integral_ / kFullSpeed);
    return {std::move(record), std::move(complaints_), arrivals, sojourns_, integral, bursts_};
  }

 private:
  struct Seen {
    bool live = false;
    SourceId source;
    std::uint64_t ordinal = 0;
    Instant arrival;
    WaitTimes account{};
  };

  void complain(const std::string& what) {
    if (complaints_.size() >= kMaxComplaints) return;
    complaints_.push_back("at " + std::to_string(world_.events.now().ns()) + " ns: " + what);
  }
  void complain(const Complaints& found) {
    for (const std::string& each : found) complain(each);
  }

  void pass_time(Instant now) {
    speed_integral_ += Int128{static_cast<std::int64_t>(speed_)} * (now - last_).count();
    last_ = now;
  }

  void look_at_requests(Instant now) {
    present_.assign(seen_.size(), 0);
    world_.requests.for_each([&](RequestId id, const Request& request) {
      if (id.index() >= seen_.size()) {
        seen_.resize(id.index() + 1);
        present_.resize(id.index() + 1, 0);
      }
      Seen& seen = seen_[id.index()];
      const bool same = seen.source == request.source && seen.ordinal == request.ordinal;
      if (seen.live && !same) leave(seen, now);
      if (request.ended) return;
      if (!seen.live) seen = {true, request.source, request.ordinal, request.arrival, {}};
      present_[id.index()] = 1;
      const WaitTimes account = account_so_far(world_, blueprint_, request);
      Complaints found;
      check_account(seen.account, account, now - request.arrival, found);
      complain(found);
      seen.account = account;
    });
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (seen_[i].live && !present_[i]) leave(seen_[i], now);
    }
  }

  void leave(Seen& seen, Instant now) {
    sojourns_ += (now - seen.arrival).count();
    seen = {};
  }

  void look_at_services() {
    std::vector<ServiceCounts> counts(world_.services.size());
    for (std::uint32_t s = 0; s < counts.size(); ++s) {
      const ServiceState& service = world_.services[ServiceId(s)];
      counts[s].queued = service.accept_queue.size();
      counts[s].queue_capacity = judged_by_.services[ServiceId(s)].accept_queue_capacity;
      counts[s].workers = judged_by_.services[ServiceId(s)].workers;
      counts[s].in_service = service.in_service;
      counts[s].idle_listed = service.idle.size();
    }
    for (std::uint32_t w = 0; w < world_.workers.size(); ++w) {
      const WorkerState& worker = world_.workers[WorkerId(w)];
      ServiceCounts& of_service = counts[blueprint_.workers[WorkerId(w)].service.index()];
      if (worker.phase == WorkerPhase::idle) ++of_service.idle_phase;
      if (!worker.request.is_none()) ++of_service.with_request;
    }
    world_.requests.for_each([&](RequestId, const Request& request) {
      const ServiceId service = blueprint_.classes[request.request_class].service;
      if (request.at_server) ++counts[service.index()].at_server;
    });
    Complaints found;
    for (const ServiceCounts& each : counts) check_service(each, found);
    complain(found);
  }

  void look_at_cpu() {
    CpuSpeeds speeds;
    speeds.cores = judged_by_.cpu.cores;
    speeds.quotas = has_quotas(judged_by_);
    speed_ = 0;
    before_.resize(world_.workers.size());
    for (std::uint32_t w = 0; w < world_.workers.size(); ++w) {
      const Speed speed = world_.cpu.speed(blueprint_.workers[WorkerId(w)].task);
      speed_ += speed;
      const WorkerState& worker = world_.workers[WorkerId(w)];
      const bool wants = wants_cpu(worker.phase);
      if (wants_cpu(before_[w].phase) && !same_burst(before_[w], worker)) ++bursts_;
      before_[w] = worker;
      (wants ? speeds.of_runnable : speeds.of_blocked).push_back(speed);
    }
    // A task that has just got what it wanted is reported at this instant, but at its next step.
    if (world_.events.next_instant() == world_.events.now()) return;
    Complaints found;
    check_speeds(speeds, found);
    complain(found);
  }

  const World& world_;
  const Blueprint& blueprint_;
  const Blueprint& judged_by_;
  Complaints complaints_;
  Int128 sojourns_ = 0;
  std::vector<Seen> seen_;
  std::vector<char> present_;
  std::vector<WorkerState> before_;
  std::int64_t bursts_ = 0;  // that have ended
  Instant last_;
  Speed speed_ = 0;  // of all tasks, since last_
  Int128 speed_integral_ = 0;
};

void check_run(Walked& walked, const Blueprint& blueprint) {
  Complaints& complaints = walked.complaints;
  check_counts(walked.record, complaints);
  check_outcomes(walked.record, blueprint, complaints);
  check_usage(walked.record, blueprint, complaints);
  check_little(walked.record, walked.sojourns, complaints);
  std::uint64_t recorded = 0;
  for (const ClassRecord& of_class : walked.record.classes) recorded += of_class.arrivals;
  if (recorded != walked.arrivals) {
    complaints.push_back("the recorder saw " + std::to_string(recorded) + " of " +
                         std::to_string(walked.arrivals) + " arrivals");
  }
  // A burst ends at a whole nanosecond, and what it was given beyond its work does not count. Usage
  // also drops fractions of a nanosecond, for each group and weight or for each core.
  const std::int64_t surplus = walked.speed_integral - walked.record.cpu_used.count();
  const auto tasks = static_cast<std::int64_t>(blueprint.cpu.tasks.size());
  if (surplus < -1 || surplus > walked.bursts + 2 * tasks + 1) {
    complaints.push_back("tasks were given " + std::to_string(walked.speed_integral) +
                         " ns of CPU, the root group used " +
                         std::to_string(walked.record.cpu_used.count()));
  }
}

}  // namespace

Walked walk(const Blueprint& blueprint, const WalkOptions& options) {
  const Blueprint& judged_by = options.judged_by ? *options.judged_by : blueprint;
  World world(blueprint, options.seed, options.replication, options.tie_salt);
  Recorder recorder(blueprint, {Instant(), options.horizon, 1000, options.ingredients});
  recorder.warmup_reached(world, blueprint);
  Watcher watcher(world, blueprint, judged_by);
  watcher.look();
  while (world.events.next_instant() < options.horizon) {
    step(world, blueprint, recorder);
    watcher.look();
  }
  world.events.advance_to(options.horizon);
  Walked walked = watcher.finish(recorder.finish(world, blueprint, StopReason::horizon_reached));
  check_run(walked, judged_by);
  return walked;
}

}  // namespace cotenant
