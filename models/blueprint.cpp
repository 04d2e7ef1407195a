// SPDX-License-Identifier: Apache-2.0
#include "models/blueprint.h"

#include <algorithm>
#include <variant>

namespace cotenant {
namespace {

bool draws_phases(const MachineSpec& machine) {
  if (imitates_linux(machine.scheduler)) return true;  // the phase of its ticks
  for (std::uint32_t g = 0; g < machine.cpu.groups.size(); ++g) {
    if (machine.cpu.groups[GroupId(g)].bandwidth && !machine.quota_phases[GroupId(g)]) return true;
  }
  return false;
}

// When windows of limits and periods of schedulers end, and how long IOs take.
bool draws_disk(const MachineSpec& machine) {
  if (!machine.disk) return false;
  if (machine.disk->cost || machine.disk->scheduler == IoSchedulerKind::kyber) return true;
  const DeviceSpec& device = machine.disk->device;
  const bool is_fixed = device.medium.read.latency.is_constant() &&
                        device.medium.write.latency.is_constant() && device.flush.is_constant();
  return !is_fixed || std::any_of(machine.disk->groups.begin(), machine.disk->groups.end(),
                                  [](const IoGroup& group) {
                                    return !group.limit.read.is_none() ||
                                           !group.limit.write.is_none();
                                  });
}

bool is_replayed(const SourceSpec& source) {
  return std::holds_alternative<ReplaySource>(source.kind) ||
         std::holds_alternative<ReplayedUsersSource>(source.kind);
}

bool draws_arrivals(const SourceSpec& source) {
  const bool fixed_times = std::holds_alternative<ConstantSource>(source.kind) ||
                           std::holds_alternative<ScheduledSource>(source.kind) ||
                           is_replayed(source);
  const bool fixed_batches = std::holds_alternative<std::uint32_t>(source.batch);
  const bool fixed_class = source.classes.size() == 1 || is_replayed(source);
  return !fixed_times || !fixed_batches || !fixed_class;
}

bool draws_sessions(const SourceSpec& source) {
  if (!source.sessions) return false;
  const auto* mix = std::get_if<SessionMix>(&source.sessions->course);
  const bool fixed_length = mix == nullptr || std::holds_alternative<std::uint32_t>(mix->requests);
  const bool walks = std::holds_alternative<SessionWalk>(source.sessions->course);
  const auto& websocket = source.sessions->websocket;
  const bool pauses = websocket && websocket->reconnect && !websocket->reconnect->is_constant();
  return !source.sessions->think.is_constant() || !fixed_length || walks || pauses;
}

bool draws_demand(const StepSpec& step) {
  const bool is_chance = step.kind == StepSpec::Kind::error || step.kind == StepSpec::Kind::crash;
  const bool may_hit = step.probability > 0 && step.probability < 1;
  if (is_chance || (step.kind == StepSpec::Kind::file && may_hit)) return may_hit;
  const auto* sampler = std::get_if<Sampler>(&step.demand);
  return sampler && !sampler->is_constant();
}

bool draws_demands(const ClassSpec& spec) {
  const bool fixed_bodies =
      !spec.body || (spec.body->request.is_constant() && spec.body->response.is_constant());
  const bool fixed_expiry = !spec.task.expires || spec.task.expires->is_constant();
  if (!fixed_bodies || !fixed_expiry) return true;
  return std::any_of(spec.steps.begin(), spec.steps.end(), draws_demand);
}

bool draws_pauses(const RetrySpec& retries) {
  return !retries.backoff.base.is_constant() || retries.backoff.jitter != Jitter::none;
}

bool draws_pauses(const SenderSpec& sender) {
  return sender.retries && draws_pauses(*sender.retries);
}

bool draws_calls(const CallSpec& call) {
  return (call.probability > 0 && call.probability < 1) || call.is_probe ||
         draws_pauses(call.sender);
}

bool draws_servers(const UpstreamSpec& upstream) {
  return upstream.peers.size() > 1 && upstream.balance != Balance::round_robin &&
         upstream.balance != Balance::least_connections;
}

// When processes are forked, and how many requests they serve. The timeout of a process without an
// event loop does not count: where nothing is random it never strikes, or always does, within a
// second. Whether a loop is killed depends on when it last reported, and whether a request is too
// slow on the clock.
bool draws_restarts(const ServiceSpec& service) {
  const ArbiterSpec& arbiter = service.arbiter();
  const bool has_loops = std::holds_alternative<LoopSpec>(service.server);
  const auto* team = std::get_if<LeaderFollowersSpec>(&service.server);
  const bool adapts = team != nullptr && team->cheaper;
  return arbiter.max_requests > 0 || arbiter.may_crash || adapts ||
         ((has_loops || arbiter.times_requests) && arbiter.timeout);
}

// To the others those who call are always connected.
bool takes_connections(const ServiceSpec& service) {
  return !std::holds_alternative<RedisSpec>(service.server) &&
         !std::holds_alternative<CelerySpec>(service.server) &&
         !std::holds_alternative<PollerSpec>(service.server);
}

bool draws_polling(const ServiceSpec& service) {
  const auto* poller = std::get_if<PollerSpec>(&service.server);
  return poller != nullptr && !(poller->visit.is_constant() && poller->visit_cpu.is_constant() &&
                                (!poller->pause || poller->pause->is_constant()));
}

bool draws_lateness(const ProcessSpec& process) { return process.gil && process.gil->is_random(); }

}  // namespace

Blueprint::Blueprint() = default;
Blueprint::Blueprint(const Blueprint& other) = default;
Blueprint::Blueprint(Blueprint&& other) noexcept = default;
Blueprint& Blueprint::operator=(const Blueprint& other) = default;
Blueprint& Blueprint::operator=(Blueprint&& other) noexcept = default;
Blueprint::~Blueprint() = default;

std::uint32_t Blueprint::request_classes() const {
  const auto first = std::find_if(classes.begin(), classes.end(),
                                  [](const ClassSpec& spec) { return spec.is_called; });
  return static_cast<std::uint32_t>(first - classes.begin());
}

WorkerId Blueprint::worker_of(TaskRef ref) const {
  const TaskOwner task = owner(ref);
  return task.is_worker() ? WorkerId(task.id) : WorkerId::none();
}

KeeperId Blueprint::keeper_of(ServiceId service, UserId user) const {
  if (!shared_connections) return KeeperId::none();
  if (is_session(user)) return keeper_of(service, session_of(user));
  const std::uint32_t row = user.is_none() ? 0 : user.index() + 1;
  return KeeperId(row * services.size() + service.index());
}

KeeperId Blueprint::keeper_of(ServiceId service, SessionId session) const {
  const auto first = static_cast<std::uint32_t>(keepers());
  return KeeperId(first + session.index() * services.size() + service.index());
}

KeeperId Blueprint::keeper_of(ProcessId proxy) const {
  const UpstreamSpec* upstream = upstream_of(proxy);
  if (upstream == nullptr || upstream->keep == 0) return KeeperId::none();
  return KeeperId(clients_as_keepers() + proxy.index());
}

// Sessions come after the processes.
Keeping Blueprint::keeping_of(KeeperId keeper) const {
  const std::uint32_t before = clients_as_keepers();
  if (keeper.index() >= before) return keeping_of_process(keeper.index() - before);
  const bool is_shared = keeper.index() < services.size();
  return {.most = is_shared ? *shared_connections : 1, .longest = {}, .uses = {}};
}

Keeping Blueprint::keeping_of_process(std::uint32_t row) const {
  if (!processes_keep()) return {};
  if (row < processes.size()) {
    const UpstreamSpec& spec = *upstream_of(ProcessId(row));
    return {spec.keep, spec.keep_longest, spec.keep_requests};
  }
  const std::size_t number = row - processes.size();
  if (number >= kept.size()) return {};
  return {kept[number].most, kept[number].longest, {}};
}

KeeperId Blueprint::keeper_of_kept(std::uint32_t number) const {
  return keeper_in(processes.size() + number);
}

KeptRange Blueprint::kept_by(TaskRef caller) const {
  const WorkerId worker = worker_of(caller);
  return worker.is_none() ? processes[process_of(caller)].kept : workers[worker].kept;
}

KeeperId Blueprint::keeper_of(TaskRef caller, ServiceId service) const {
  if (kept.empty()) return KeeperId::none();
  const KeptRange range = kept_by(caller);
  for (std::uint32_t k = range.first; k < range.first + range.count; ++k) {
    if (kept[k].service == service) return keeper_of_kept(k);
  }
  return KeeperId::none();
}

std::size_t Blueprint::keepers() const {
  return clients_as_keepers() + (processes_keep() ? std::size_t{processes.size()} : 0) +
         kept.size();
}

std::uint32_t Blueprint::most_kept_for_calls() const {
  std::uint32_t most = 0;
  for (const KeptSpec& spec : kept) most += spec.most;
  return most;
}

bool Blueprint::proxies_keep() const {
  return std::any_of(upstreams.begin(), upstreams.end(),
                     [](const UpstreamSpec& spec) { return spec.keep > 0; });
}

PortsId Blueprint::ports_of(MachineId from, ServiceId to) const {
  if (services[to].unix_socket || !takes_connections(services[to])) return PortsId::none();
  return PortsId(from.index() * services.size() + to.index());
}

PortTable Blueprint::port_table() const {
  PortTable table;
  if (calls.empty()) return table;
  for (std::uint32_t m = 0; m < machines.size(); ++m) {
    const MachineSpec& machine = machines[MachineId(m)];
    for (const ServiceSpec& service : services) {
      const bool loopback = service.machine == MachineId(m);
      const bool reuses = machine.time_wait_reuse == TimeWaitReuse::always ||
                          (machine.time_wait_reuse == TimeWaitReuse::loopback && loopback);
      table.push_back(LocalPorts(machine.local_ports, reuses ? kTimeWaitReused : kTimeWait));
    }
  }
  return table;
}

DescriptorsId Blueprint::descriptors_of(TaskRef from, ServiceId to) const {
  if (descriptors.empty() || !takes_connections(services[to])) return DescriptorsId::none();
  const WorkerId worker = worker_of(from);
  return worker.is_none() ? processes[process_of(from)].descriptors : workers[worker].descriptors;
}

DescriptorTable Blueprint::descriptor_table() const {
  DescriptorTable table;
  for (const std::uint32_t most : descriptors) table.push_back(Descriptors(most));
  return table;
}

std::uint32_t Blueprint::clients_as_keepers() const {
  return shared_connections ? services.size() * (users + 1) : 0;
}

const UpstreamSpec* Blueprint::upstream_of(ProcessId process) const {
  const auto* server = std::get_if<LoopSpec>(&services[processes[process].service].server);
  if (server == nullptr || !server->proxy) return nullptr;
  return &upstreams[server->proxy->upstream];
}

bool Blueprint::has_transfers() const {
  return links.any_slow() || std::any_of(classes.begin(), classes.end(), [](const ClassSpec& spec) {
           return spec.body.has_value();
         });
}

bool Blueprint::has_disks() const {
  const auto has_high = [](const auto& groups) {
    return std::any_of(groups.begin(), groups.end(),
                       [](const MemoryGroupSpec& group) { return group.high != kNoLimit; });
  };
  return std::any_of(machines.begin(), machines.end(),
                     [](const MachineSpec& machine) { return machine.disk.has_value(); }) ||
         std::any_of(memory.groups.begin(), memory.groups.end(), has_high);
}

bool Blueprint::is_random() const {
  const auto is_read_at_random = [](const FileSetSpec& files) {
    return !files.size.is_zero() && !files.in_order;
  };
  const auto draws_demand_pattern = [](const NeighborSpec& spec) { return spec.is_random(); };
  return std::any_of(machines.begin(), machines.end(), draws_phases) ||
         std::any_of(memory.files.begin(), memory.files.end(), is_read_at_random) ||
         std::any_of(machines.begin(), machines.end(), draws_disk) ||
         std::any_of(processes.begin(), processes.end(), draws_lateness) ||
         std::any_of(neighbors.begin(), neighbors.end(), draws_demand_pattern) ||
         std::any_of(sources.begin(), sources.end(), draws_arrivals) ||
         std::any_of(sources.begin(), sources.end(), draws_sessions) ||
         std::any_of(classes.begin(), classes.end(), draws_demands) ||
         std::any_of(services.begin(), services.end(), draws_restarts) ||
         std::any_of(services.begin(), services.end(), draws_polling) ||
         std::any_of(calls.begin(), calls.end(), draws_calls) ||
         std::any_of(upstreams.begin(), upstreams.end(), draws_servers) || draws_pauses(clients) ||
         (links.slow_share > 0 && links.slow_share < 1);
}

}  // namespace cotenant
