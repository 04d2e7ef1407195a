// SPDX-License-Identifier: Apache-2.0
//
// Blueprints in a few words, for tests of models that want no scenario text. Single requests can be
// listed one by one: each is then a class of its own, so that the record tells its fate exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/blueprint.h"
#include "models/run_record.h"
#include "tests/support/blueprint_options.h"
#include "tests/support/blueprint_steps.h"

namespace cotenant {

class BlueprintBuilder {
 public:
  explicit BlueprintBuilder(std::uint32_t cores = 1,
                            SchedulerKind scheduler = SchedulerKind::fluid);

  GroupId group(std::int64_t weight, std::optional<Bandwidth> bandwidth = std::nullopt,
                GroupId parent = kRootGroup, MachineId machine = kHardware);

  // A virtual machine on the hardware, whose virtual CPUs are in that group there.
  MachineId guest(std::uint32_t cores, SchedulerKind scheduler = SchedulerKind::fluid,
                  GroupId host_group = kRootGroup);

  // Threads of another tenant.
  void neighbor(const CompiledPattern& pattern, std::uint32_t threads = 1,
                GroupId group = kRootGroup, MachineId machine = kHardware);

  // From which services there may connect, and when closed ones may be used again.
  void local_ports(std::uint32_t ports, TimeWaitReuse reuse = TimeWaitReuse::loopback,
                   MachineId machine = kHardware);

  KernelParameters& kernel(MachineId machine = kHardware);

  ServiceId service(const ServiceOptions& options = {});

  ServiceId gthread(const GthreadOptions& options = {});

  ServiceId event_loop(const LoopOptions& options = {});

  ServiceId leader_followers(const LeaderFollowersOptions& options = {});

  ServiceId on_demand(const OnDemandOptions& options = {});

  ServiceId external(const ExternalOptions& options = {});

  ServiceId redis(std::uint32_t max_clients = 10'000);

  ServiceId postgres(const PostgresOptions& options = {});

  ServiceId celery(const CeleryOptions& options = {});

  ServiceId poller(const PollerOptions& options);

  // What is said of tasks only.
  TaskSpec& task(ClassId id);
  TaskSpec& task_of(std::uint32_t operation);

  // For each process of the service, which has no other pools.
  void pools(ServiceId service, ServiceId database, const PoolOptions& options = {});

  // File descriptors that each process of the service, and its pools, have left for connections.
  void descriptors(ServiceId service, std::uint32_t left);

  // Its processes occupy memory, and may be killed for it.
  void memory(ServiceId service, const ProcessMemorySpec& spec);
  // Of the machine, or of a group.
  void memory_limit(Bytes max, GroupId group = kRootGroup);
  // A process that is so large after a request is replaced.
  void reload_on_rss(ServiceId service, Bytes bytes);

  // Of a database, held while it serves that operation. Operations with the same one share it.
  void lock(std::uint32_t operation, LockId lock);
  LockId lock_of(ServiceId database);

  // An event loop leaves requests of this class to its pool.
  void in_thread(ClassId id);

  ClassId request_class(ServiceId service, std::vector<StepSpec> steps);

  // What services may call, numbered from zero.
  std::uint32_t operation(ServiceId service, std::vector<StepSpec> steps);

  // Calls of those operations that begin together.
  StepSpec call_step(const std::vector<CallOptions>& calls);
  // Tasks that nobody waits for.
  StepSpec send_step(CallOptions options);

  SourceId source(SourceKind kind, std::vector<ClassId> classes, BatchSize batch = 1u);
  // Each arrival of the source begins a session.
  void sessions(SourceId source, SessionSpec spec);
  SourceId poisson(double per_second, ClassId request_class);

  // One request at `at`, in a class of its own. Instants must not fall.
  ClassId request(Instant at, ServiceId service, std::vector<StepSpec> steps);

  // Recorded demands of those requests, by column and request.
  void recorded(std::vector<std::vector<Duration>> columns);

  void client_timeout(Duration timeout);
  void retries(const RetrySpec& retries);
  // Clients of open sources at most so many idle connections together, closed users one each.
  void keep_connections(std::uint32_t shared = 0);

  Blueprint build() const;

 private:
  ResidentId add_resident(ServiceId service, TaskRef task);

  void add_limits(Blueprint& blueprint) const;

  template <class Server>
  ServiceId add_service(const Server& server, std::uint32_t accept_queue_capacity);

  // Of the service that is added next.
  WorkerId add_workers(std::uint32_t count, TaskOwner::Kind kind);

  // For the service that is added next.
  template <class Options>
  void add_processes(const Options& options, TaskOwner::Kind main, TaskOwner::Kind pool);

  MachineId add_machine(std::uint32_t cores, SchedulerKind scheduler);

  SourceId replay_;
  Trace trace_;
  std::vector<ClassSpec> operations_;
  std::vector<std::pair<GroupId, Bytes>> limits_;
  Blueprint result_;  // in it calls name operations by their numbers
};

// The same cost hot and cold.
PhaseCpu always(CpuTime cost);

RunRecord run_to(const Blueprint& blueprint, Duration horizon, std::uint64_t seed = 1);

std::uint64_t count_of(const RunRecord& record, Outcome outcome);
std::uint64_t attempts_that(Outcome outcome, const RunRecord& record);

// The fate of a request that has its class to itself.
bool ended_as(const RunRecord& record, ClassId id, Outcome outcome);
Duration latency_of(const RunRecord& record, ClassId id);

}  // namespace cotenant
