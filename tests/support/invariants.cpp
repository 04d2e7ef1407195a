// SPDX-License-Identifier: Apache-2.0
#include "tests/support/invariants.h"

#include <algorithm>
#include <array>

namespace cotenant {
namespace {

std::uint64_t count(const ClassRecord& record, Outcome outcome) {
  return record.outcomes[static_cast<std::size_t>(outcome)];
}

std::uint64_t count(const RunRecord& record, Outcome outcome) {
  std::uint64_t sum = 0;
  for (const ClassRecord& each : record.classes) sum += count(each, outcome);
  return sum;
}

std::uint64_t attempts_in(const RunRecord& record, Outcome outcome) {
  std::uint64_t sum = 0;
  for (const ClassRecord& each : record.classes) {
    sum += each.attempts[static_cast<std::size_t>(outcome)];
  }
  return sum;
}

std::uint64_t sum_of(const std::array<std::uint64_t, kOutcomes>& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t each : counts) sum += each;
  return sum;
}

template <class Left, class Right>
void expect_equal(Left left, Right right, const std::string& what, Complaints& complaints) {
  if (left == static_cast<Left>(right)) return;
  complaints.push_back(what + ": " + std::to_string(left) + " against " + std::to_string(right));
}

void expect(bool holds, const std::string& what, Complaints& complaints) {
  if (!holds) complaints.push_back(what);
}

Duration sum_of(const WaitTimes& times) {
  Duration sum;
  for (const Duration time : times) sum += time;
  return sum;
}

// The most that a cpu.max lets through: a full pool at the start and one quota per refill. A pool
// that runs dry between two nanoseconds stops at the later one and pays back later, so at the end a
// core may be a nanosecond ahead; Linux notices the end of a quota at ticks and pays back what was
// run by then.
Int128 most_by_quota(const Bandwidth& bandwidth, Duration elapsed, const MachineSpec& machine) {
  const std::int64_t refills = elapsed.count() / bandwidth.period.count() + 1;
  const std::int64_t ahead =
      imitates_linux(machine.scheduler) ? machine.cpu.kernel.tick.count() : 1;
  return Int128{bandwidth.quota.count()} * (refills + 1) + bandwidth.burst.count() +
         Int128{ahead} * machine.cpu.cores;
}

void check_group(const GroupUsage& usage, const CpuGroup& group, const std::string& name,
                 Duration elapsed, const MachineSpec& machine, Complaints& complaints) {
  expect(usage.usage >= CpuTime(0), name + " used a negative amount of CPU", complaints);
  if (!group.bandwidth) return;
  expect(usage.usage.count() <= most_by_quota(*group.bandwidth, elapsed, machine),
         name + " used more than its cpu.max", complaints);
  expect(usage.nr_throttled <= usage.nr_periods,
         name + " was throttled in more periods than it had", complaints);
  // Linux sums it over the cores.
  const Duration longest = elapsed * (imitates_linux(machine.scheduler) ? machine.cpu.cores : 1);
  expect(usage.throttled_time >= Duration(0) && usage.throttled_time <= longest,
         name + " was throttled longer than the run", complaints);
  // One more period than fit can be touched at each end.
  const std::int64_t periods = elapsed.count() / group.bandwidth->period.count() + 2;
  expect(usage.nr_periods <= static_cast<std::uint64_t>(periods),
         name + " had more periods than there is time", complaints);
}

void check_machine(const MachineRecord& record, const MachineSpec& spec, Duration elapsed,
                   Complaints& complaints) {
  const std::uint32_t cores = spec.cpu.cores;
  // What was stolen was not used, and neither was more than there is. A fluid host rounds what it
  // gave down, by less than a nanosecond each time a virtual CPU goes to sleep.
  const Int128 rounding = elapsed.count() / 1'000'000 + cores;
  expect(record.steal >= Duration(0) && record.cpu_used() >= CpuTime(0) &&
             Int128{record.cpu_used().count()} + record.steal.count() <=
                 Int128{elapsed.count()} * cores + rounding,
         "more CPU used or stolen than the cores have", complaints);
  expect(spec.is_guest() || record.steal == Duration(0), "steal on the hardware", complaints);
  for (std::uint32_t g = 0; g < record.groups.size(); ++g) {
    const CpuGroup& group = spec.cpu.groups[GroupId(g)];
    const GroupUsage& usage = record.groups[GroupId(g)];
    const std::string name = "group " + std::to_string(g) + " of machine \"" + spec.name + '"';
    check_group(usage, group, name, elapsed, spec, complaints);
    if (group.parent.is_none()) continue;
    expect(usage.usage <= record.groups[group.parent].usage, name + " used more than its parent",
           complaints);
  }
}

// A request that failed for good has made all attempts that it may make, unless something else
// stopped it.
void check_last_attempts(const RunRecord& record, const RetrySpec& retries,
                         Complaints& complaints) {
  if (!retries.max || retries.budget || retries.deadline || retries.only_idempotent) return;
  std::uint64_t failed = 0;
  std::uint64_t failures = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    if (!retries.on[i]) continue;
    failed += count(record, static_cast<Outcome>(i));
    failures += attempts_in(record, static_cast<Outcome>(i));
  }
  expect(failures >= failed * (std::uint64_t{*retries.max} + 1), "a client gave up too early",
         complaints);
}

// Nobody waits for tasks: no client gives them up or tries again.
RunRecord without_tasks(RunRecord record, const Blueprint& blueprint) {
  for (std::uint32_t c = 0; c < record.classes.size(); ++c) {
    if (blueprint.classes[ClassId(c)].is_task) record.classes[ClassId(c)] = {};
  }
  return record;
}

// What clients may do again: never what went well, no more than allowed, within their budget.
void check_attempts(const RunRecord& all, const Blueprint& blueprint, Complaints& complaints) {
  const RunRecord record = without_tasks(all, blueprint);
  const std::optional<RetrySpec>& retries = blueprint.clients.retries;
  std::uint64_t requests = 0;
  std::uint64_t attempts = 0;
  for (const ClassRecord& of_class : record.classes) {
    requests += sum_of(of_class.outcomes);
    attempts += sum_of(of_class.attempts);
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const std::string name(kOutcomeNames[i]);
      // Of requests that are unfinished some are between two attempts.
      const bool may_be_less = retries && static_cast<Outcome>(i) == Outcome::censored;
      expect(may_be_less || of_class.attempts[i] >= of_class.outcomes[i],
             "fewer attempts than requests that ended as " + name, complaints);
      expect((retries && retries->on[i]) || of_class.attempts[i] <= of_class.outcomes[i],
             "tried again after " + name, complaints);
    }
  }
  if (!retries) return;
  const std::uint64_t most = retries->max ? std::uint64_t{*retries->max} + 1 : attempts;
  expect(attempts <= requests * most, "more attempts than allowed", complaints);
  check_last_attempts(record, *retries, complaints);
  if (!retries->budget) return;
  const Int128 earned = Int128{retries->budget->burst} * blueprint.sources.size() +
                        Int128{retries->budget->earned} * static_cast<std::int64_t>(requests);
  // The retry that a client waits to make is paid for.
  expect(Int128{kRetryToken} * static_cast<std::int64_t>(attempts - std::min(attempts, requests)) <=
             earned,
         "more retries than the budget allows", complaints);
}

}  // namespace

void check_counts(const RunRecord& record, Complaints& complaints) {
  std::uint64_t completed = 0;
  Uint128 latencies = 0;
  for (std::uint32_t c = 0; c < record.classes.size(); ++c) {
    const ClassRecord& of_class = record.classes[ClassId(c)];
    const std::string name = "class " + std::to_string(c);
    expect_equal(of_class.arrivals, sum_of(of_class.outcomes), name + ", arrivals and outcomes",
                 complaints);
    expect_equal(count(of_class, Outcome::completed), of_class.latency.count(),
                 name + ", completed requests and latencies", complaints);
    expect_equal(count(of_class, Outcome::completed), of_class.completions,
                 name + ", completed requests and completions", complaints);
    completed += of_class.latency.count();
    latencies += of_class.latency.sum_ns();
  }
  for (std::size_t i = 0; i < record.operations.size(); ++i) {
    const auto& [calls, times] = record.operations[i];
    const std::string name = "operation " + std::to_string(i);
    expect_equal(calls.arrivals, sum_of(calls.outcomes), name + ", calls and outcomes", complaints);
    expect_equal(count(calls, Outcome::completed), calls.latency.count(),
                 name + ", completed calls and latencies", complaints);
    expect_equal(static_cast<std::uint64_t>(sum_of(times).count()),
                 static_cast<std::uint64_t>(calls.latency.sum_ns()), name + ", ns attributed",
                 complaints);
  }
  const Attribution::Band total = record.attribution.total();
  expect_equal(total.requests, completed, "requests attributed and completed", complaints);
  expect_equal(static_cast<std::uint64_t>(sum_of(total.times).count()),
               static_cast<std::uint64_t>(latencies), "ns attributed and ns of latency",
               complaints);
}

namespace {

// What only some services answer, and only to calls.
// Nobody listens while a service is down.
bool may_be_down(const Blueprint& blueprint) {
  return std::any_of(blueprint.services.begin(), blueprint.services.end(),
                     [](const ServiceSpec& service) {
                       return service.restart.has_value() || !service.probes.empty();
                     });
}

void check_calls(const RunRecord& record, const Blueprint& blueprint, Complaints& complaints) {
  const auto any_of_services = [&](auto answers_so) {
    return std::any_of(blueprint.services.begin(), blueprint.services.end(), answers_so);
  };
  const bool limits_rate = any_of_services([](const ServiceSpec& service) {
    const auto* external = std::get_if<ExternalSpec>(&service.server);
    return external != nullptr && external->rate_limit;
  });
  const bool limits_size = any_of_services([](const ServiceSpec& service) {
    const auto* loops = std::get_if<LoopSpec>(&service.server);
    return loops != nullptr && loops->proxy && !loops->proxy->largest_request.is_zero();
  });
  const bool refuses = may_be_down(blueprint) || any_of_services([](const ServiceSpec& service) {
                         return std::holds_alternative<PostgresSpec>(service.server) ||
                                std::holds_alternative<RedisSpec>(service.server) ||
                                service.unix_socket;
                       });
  const bool may_lack_ports =
      std::any_of(blueprint.machines.begin(), blueprint.machines.end(),
                  [](const MachineSpec& machine) { return machine.local_ports < kLocalPorts; });
  for (const OperationRecord& operation : record.operations) {
    const auto ended_as = [&](Outcome outcome) {
      return operation.calls.attempts[static_cast<std::size_t>(outcome)] > 0;
    };
    expect(limits_rate || !ended_as(Outcome::rejected_429), "429 without a limit", complaints);
    expect(refuses || may_lack_ports || !blueprint.descriptors.empty() ||
               record.end >= Instant() + seconds(131) || !ended_as(Outcome::refused),
           "a call refused by nobody", complaints);
  }
  for (const ClassRecord& of_class : record.classes) {
    expect(of_class.attempts[static_cast<std::size_t>(Outcome::rejected_429)] == 0,
           "a client was answered 429", complaints);
    expect(limits_size || of_class.attempts[static_cast<std::size_t>(Outcome::rejected_413)] == 0,
           "413 without a limit", complaints);
  }
}

}  // namespace

bool may_open_websockets(const Blueprint& blueprint) {
  return std::any_of(
      blueprint.sources.begin(), blueprint.sources.end(),
      [](const SourceSpec& source) { return source.sessions && source.sessions->websocket; });
}

void check_outcomes(const RunRecord& record, const Blueprint& blueprint, Complaints& complaints) {
  const bool limited = std::any_of(
      blueprint.services.begin(), blueprint.services.end(), [](const ServiceSpec& service) {
        return service.limit_concurrency.has_value() || service.connect_timeout ||
               std::holds_alternative<OnDemandSpec>(service.server);
      });
  const bool may_queue_too_long = std::any_of(
      blueprint.services.begin(), blueprint.services.end(), [](const ServiceSpec& service) {
        const auto* team = std::get_if<LeaderFollowersSpec>(&service.server);
        return team != nullptr && team->queue_timeout;
      });
  // What the client of a killed worker gets.
  const auto may_kill = [&](Outcome victim) {
    return std::any_of(blueprint.services.begin(), blueprint.services.end(),
                       [&](const ServiceSpec& service) {
                         const auto* team = std::get_if<LeaderFollowersSpec>(&service.server);
                         const bool runs_out_of_patience =
                             team != nullptr && (team->cheaper || team->arbiter.max_requests > 0);
                         const auto* loops = std::get_if<LoopSpec>(&service.server);
                         const bool runs_out_of_grace =
                             loops != nullptr && loops->grace && loops->arbiter.max_requests > 0;
                         const ArbiterSpec& arbiter = service.arbiter();
                         return (arbiter.timeout || arbiter.may_crash || runs_out_of_patience ||
                                 runs_out_of_grace) &&
                                arbiter.victim == victim;
                       });
  };
  const bool may_fail =
      may_kill(Outcome::error_500) || !blueprint.calls.empty() ||
      std::any_of(blueprint.services.begin(), blueprint.services.end(),
                  [](const ServiceSpec& service) {
                    const auto* celery = std::get_if<CelerySpec>(&service.server);
                    return celery != nullptr && celery->time_limit;
                  }) ||
      std::any_of(blueprint.classes.begin(), blueprint.classes.end(),
                  [](const ClassSpec& request_class) {
                    return std::any_of(request_class.steps.begin(), request_class.steps.end(),
                                       [](const StepSpec& step) { return step.probability > 0; });
                  });
  const bool has_proxy = !blueprint.upstreams.empty();
  const auto router_says = [&](Outcome outcome) {
    return blueprint.router && blueprint.router->reply == outcome;
  };
  expect(limited || has_proxy || router_says(Outcome::rejected_503) ||
             attempts_in(record, Outcome::rejected_503) == 0,
         "503 without a limit", complaints);
  expect(may_fail || attempts_in(record, Outcome::error_500) == 0, "500 without an error",
         complaints);
  expect(has_proxy || attempts_in(record, Outcome::error_502) == 0, "502 without a proxy",
         complaints);
  expect(has_proxy || may_queue_too_long || router_says(Outcome::error_504) ||
             attempts_in(record, Outcome::error_504) == 0,
         "504 without a proxy", complaints);
  // A server may close a connection while a request is on its way, and nginx one that is too many.
  const bool may_close = has_proxy || may_be_down(blueprint) || blueprint.keepers() > 0 ||
                         may_open_websockets(blueprint);
  expect(may_close || may_kill(Outcome::reset) || attempts_in(record, Outcome::reset) == 0,
         "a connection closed by nobody", complaints);
  const bool has_tasks = std::any_of(blueprint.services.begin(), blueprint.services.end(),
                                     [](const ServiceSpec& each) {
                                       return std::holds_alternative<CelerySpec>(each.server) ||
                                              std::holds_alternative<PollerSpec>(each.server);
                                     });
  expect(has_tasks || attempts_in(record, Outcome::lost) == 0, "a task lost where there is none",
         complaints);
  const bool may_expire =
      std::any_of(blueprint.classes.begin(), blueprint.classes.end(),
                  [](const ClassSpec& each) { return each.task.expires.has_value(); });
  expect(may_expire || attempts_in(record, Outcome::expired) == 0, "a task expired without reason",
         complaints);
  expect(blueprint.clients.timeout || attempts_in(record, Outcome::timed_out) == 0,
         "a timeout although clients wait forever", complaints);
  expect(may_be_down(blueprint) || record.end >= Instant() + seconds(131) ||
             attempts_in(record, Outcome::refused) == 0,
         "refused before the client's last SYN", complaints);
  check_attempts(record, blueprint, complaints);
  check_calls(record, blueprint, complaints);
  if (!blueprint.clients.timeout || blueprint.clients.retries) return;
  for (const ClassRecord& of_class : without_tasks(record, blueprint).classes) {
    expect(of_class.latency.empty() || of_class.latency.max() <= *blueprint.clients.timeout,
           "completed after its client had given up", complaints);
  }
}

void check_usage(const RunRecord& record, const Blueprint& blueprint, Complaints& complaints) {
  const Duration elapsed = record.end - Instant();
  IdVector<MachineId, CpuTime> of_guests(record.machines.size());
  for (std::uint32_t m = 0; m < record.machines.size(); ++m) {
    const MachineId id(m);
    const MachineSpec& machine = blueprint.machines[id];
    check_machine(record.machines[id], machine, elapsed, complaints);
    if (machine.is_guest()) of_guests[machine.host] += record.machines[id].cpu_used();
  }
  // A host may round down what a virtual CPU used, once for each group and weight.
  for (std::uint32_t m = 0; m < record.machines.size(); ++m) {
    const MachineId id(m);
    const auto tasks = static_cast<std::int64_t>(blueprint.machines[id].cpu.tasks.size());
    expect(of_guests[id] <= record.machines[id].cpu_used() + CpuTime(tasks),
           "the guests used more than their hardware", complaints);
  }
}

void check_little(const RunRecord& record, Int128 sojourns, Complaints& complaints) {
  Int128 integral = 0;
  for (const Int128 slice : record.in_system.integrals()) integral += slice;
  if (integral == sojourns) return;
  complaints.push_back("Little's law: the integral is off by " +
                       std::to_string(static_cast<std::int64_t>(integral - sojourns)) + " ns");
}

void check_service(const ServiceCounts& counts, Complaints& complaints) {
  expect(counts.queued <= counts.queue_capacity, "accept queue over its capacity", complaints);
  expect(counts.with_request <= counts.workers, "more requests in workers than workers",
         complaints);
  expect_equal(counts.idle_listed, counts.idle_phase, "idle workers listed and in that phase",
               complaints);
  expect_equal(counts.in_service, counts.queued + counts.with_request,
               "requests in service and in queue or worker", complaints);
  expect_equal(counts.in_service, counts.at_server, "requests in service and at the server",
               complaints);
  expect(counts.queued == 0 || counts.idle_phase == 0, "a connection waits beside an idle worker",
         complaints);
}

void check_process(const ProcessCounts& counts, Complaints& complaints) {
  expect(counts.connections <= counts.limit, "a process holds more connections than it may",
         complaints);
  expect_equal(counts.connections, counts.queued + counts.served + counts.parked,
               "connections, and those parked, in the queue or in a thread", complaints);
  expect(counts.idle_phase == 0 || counts.queued <= counts.fetching,
         "a connection waits beside an idle thread", complaints);
  check_threads(counts, complaints);
}

void check_connections(const ConnectionCounts& counts, Complaints& complaints) {
  expect_equal(counts.idle, counts.parked, "connections that are idle and that are parked",
               complaints);
  expect(counts.on_requests + counts.idle >= counts.connections,
         "a connection without a request that is not idle", complaints);
}

void check_threads(const ProcessCounts& counts, Complaints& complaints) {
  expect(
      !counts.is_gone || (counts.connections + counts.queued + counts.served + counts.coming == 0 &&
                          !counts.lock_is_held),
      "a process that has ended holds something", complaints);
  expect_equal(counts.idle_listed, counts.idle_phase, "idle threads listed and in that phase",
               complaints);
  expect_equal(counts.holding, std::uint64_t{counts.lock_is_held}, "threads with the lock",
               complaints);
  expect(counts.lock_is_held || counts.waiting == 0 || counts.coming > 0,
         "a thread waits for a lock that nobody has or is about to take", complaints);
}

void check_loop(const LoopCounts& counts, Complaints& complaints) {
  expect(!counts.asleep || counts.ready == 0, "a loop sleeps beside what it could run", complaints);
  expect_equal(counts.listed, counts.event_loop,
               "requests that a loop has listed and that wait for it", complaints);
  expect(counts.tasks <= counts.connections + counts.replied, "more tasks than connections",
         complaints);
  expect(counts.connections <= counts.limit, "more connections than a hub has greenlets",
         complaints);
  expect(counts.calls + counts.queued <= counts.tasks, "more calls than tasks", complaints);
  expect(counts.in_pool <= counts.calls && counts.calls <= counts.threads,
         "more calls than threads of the pool", complaints);
  expect_equal(counts.idle_listed + counts.in_pool, counts.threads,
               "threads of the pool, and those that are idle or busy", complaints);
  expect(counts.queued == 0 || counts.calls == counts.threads,
         "a call waits beside a free thread of the pool", complaints);
}

void check_leaders(const LeaderCounts& counts, Complaints& complaints) {
  expect(counts.leaders <= counts.limit, "more threads are about to accept than may", complaints);
  expect_equal(counts.leaders, counts.leading, "leaders of a service and of its processes",
               complaints);
  expect_equal(counts.leaders, counts.waking, "leaders and threads that wake up", complaints);
}

void check_celery(const CeleryCounts& counts, Complaints& complaints) {
  expect(counts.unacknowledged <= counts.limit, "a worker holds more messages than it may",
         complaints);
  expect_equal(counts.unacknowledged, counts.reserved + (counts.acks_late ? counts.working : 0),
               "messages of a worker, and its tasks", complaints);
  expect_equal(counts.idle_listed, counts.idle_phase, "idle processes listed and in that phase",
               complaints);
  expect(counts.reserved == 0 || counts.idle_phase == 0,
         "a task is reserved beside an idle process of its worker", complaints);
}

void check_order(const TaskOrder& order, Complaints& complaints) {
  expect(order.left_behind <= order.taken, "a task is handed out before a more urgent one",
         complaints);
}

void check_poller(const PollerCounts& counts, Complaints& complaints) {
  const std::uint64_t most = counts.is_gated ? counts.limit : 0;
  expect(counts.taken + (most > 0 && counts.working ? 1 : 0) <= most,
         "a poller has taken more than it may", complaints);
  expect(!counts.sleeps || (counts.taken == 0 && !counts.working), "a poller sleeps beside work",
         complaints);
}

void check_database(const DatabaseCounts& counts, Complaints& complaints) {
  expect(counts.open <= counts.limit, "more backends than a database may have", complaints);
  expect_equal(counts.vacant_listed, counts.vacant,
               "backends listed as vacant and without a process", complaints);
  expect_equal(counts.idle_in_pools, counts.idle, "idle connections in pools and idle backends",
               complaints);
  expect(counts.clients <= counts.client_limit, "more connections than a pgbouncer may have",
         complaints);
  expect_equal(counts.clients, counts.clients_seen, "connections to a pgbouncer, and their callers",
               complaints);
}

void check_pool(const PoolCounts& counts, Complaints& complaints) {
  expect(counts.open <= counts.most, "a pool has more connections than it may", complaints);
  expect(counts.idle <= counts.size, "a pool keeps more connections than its size", complaints);
  expect_equal(counts.open, counts.idle + counts.lent, "connections of a pool, and idle or lent",
               complaints);
  expect_equal(counts.waiting, counts.listed, "calls in the queue of a pool, and that wait for it",
               complaints);
  expect(counts.waiting == 0 || counts.open == counts.most,
         "a call waits for a connection that its pool could lend", complaints);
}

void check_memory(const MemoryCounts& counts, Complaints& complaints) {
  const Bytes there =
      counts.main + counts.processes + counts.sockets - counts.swapped + counts.cached;
  expect_equal(counts.charged.count(), there.count(), "bytes charged, and those that somebody has",
               complaints);
  expect(counts.in_swap == counts.swapped, "swap is charged that nobody uses", complaints);
  expect(counts.in_swap <= counts.swap_max, "a group is above its limit of swap", complaints);
  expect(counts.held <= counts.processes,
         "requests and connections hold memory that their process has not", complaints);
  // A new main process gets what it wants.
  const bool may_exceed = counts.main_is_new || counts.has_immune;
  expect(may_exceed || counts.charged <= std::max(counts.limit, counts.main),
         "a group is above its limit", complaints);
}

void check_ports(const PortCounts& counts, Complaints& complaints) {
  expect(counts.open <= counts.limit, "more local ports in use than a machine has", complaints);
  expect_equal(counts.open, counts.held, "local ports in use, and connections that have one",
               complaints);
}

void check_descriptors(const PortCounts& counts, Complaints& complaints) {
  expect(counts.open <= counts.limit, "more file descriptors open than a process may have",
         complaints);
  expect_equal(counts.open, counts.held, "file descriptors open, and connections that have one",
               complaints);
}

void check_lock(const LockCounts& counts, Complaints& complaints) {
  expect(counts.holding <= 1, "two backends hold one lock", complaints);
  expect_equal(counts.holding, std::uint64_t{counts.is_held}, "backends past a lock and its holder",
               complaints);
  expect_equal(counts.waiting, counts.locking, "backends in the queue of a lock, and that say so",
               complaints);
  expect(counts.waiting == 0 || counts.is_held, "a backend waits for a lock that nobody holds",
         complaints);
}

// The states sum to the age to the nanosecond, so what is rounded in one of them shows in another
// until a burst is over: on a core that is supplied in fractions the wait may lose one again.
constexpr Duration kRounding{1};

void check_account(const WaitTimes& before, const WaitTimes& account, Duration age,
                   Complaints& complaints) {
  expect_equal(sum_of(account).count(), age.count(), "ns in the account and of age", complaints);
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    const std::string name(kWaitStateNames[state]);
    expect(account[state] >= Duration(0), name + " is negative", complaints);
    expect(
        account[state] + kRounding >= before[state],
        name + " has shrunk by " + std::to_string((before[state] - account[state]).count()) + " ns",
        complaints);
  }
}

void check_speeds(const CpuSpeeds& speeds, Complaints& complaints) {
  std::vector<Speed> cores = speeds.of_cores;
  std::sort(cores.begin(), cores.end(), std::greater<>());
  Speed total = 0;
  for (const Speed speed : speeds.of_runnable) {
    total += speed;
    expect(speed <= cores.front(), "a task is faster than a core", complaints);
  }
  for (const Speed speed : speeds.of_blocked) {
    expect(speed == 0, "a task runs that wants nothing", complaints);
  }
  const std::size_t tasks = speeds.of_runnable.size();
  const auto fastest = [&](std::size_t n) {
    Speed sum = 0;
    for (std::size_t c = 0; c < std::min(n, cores.size()); ++c) sum += cores[c];
    return sum;
  };
  expect(total <= fastest(cores.size()), "more speed than cores", complaints);
  if (!speeds.work_conserving) return;
  // Shares are rounded down, so each task may miss a 2^-32nd of a core in each group above it.
  const Speed wanted = fastest(tasks);
  constexpr Speed kLevels = 8;
  expect(total + kLevels * (tasks + 1) >= wanted, "a core is idle while a task waits", complaints);
}

}  // namespace cotenant
