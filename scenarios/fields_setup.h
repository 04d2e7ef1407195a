// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: the candidate setups, each a machine, its cgroups and who runs in them. Ranges
// of kernel knobs are the kernel's (Documentation/admin-guide/cgroup-v2.rst;
// kernel/sched/fair.c, 6.12).
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_application.h"
#include "scenarios/fields_disk.h"
#include "scenarios/fields_law.h"
#include "scenarios/fields_memory.h"
#include "scenarios/fields_plan.h"
#include "scenarios/fields_restart.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 4> kSchedulers = {"eevdf", "cfs", "fluid", "fifo"};
inline constexpr std::array<std::string_view, 3> kPolicies = {"normal", "batch", "idle"};
inline constexpr std::array<std::string_view, 3> kSharesConversions = {"none", "linear",
                                                                       "logarithmic"};
inline constexpr std::array<std::string_view, 2> kThrottlings = {"task", "queue"};
inline constexpr std::array<std::string_view, 5> kNeighborhoods = {"none", "quiet", "typical",
                                                                   "busy", "hostile"};
inline constexpr std::array<std::string_view, 2> kIdleWakes = {"virtual", "hardware"};

template <>
inline constexpr Title kTitle<CpuMax> = {"cpu_max",
                                         "A CPU limit: cpu.max and cpu.max.burst of a cgroup."};
template <>
inline constexpr Title kTitle<CpuBank> = {
    "cpu_bank",
    "Credits, as burstable virtual machines have them: what of the quota is not used is saved."};
template <>
inline constexpr Title kTitle<Group> = {"group", "A cgroup: a container, a tenant, a slice."};
template <>
inline constexpr Title kTitle<Resources> = {"resources", "CPU and memory of a container."};
template <>
inline constexpr Title kTitle<Container> = {
    "container",
    "Requests and limits of a container of Kubernetes, from which its QoS class follows."};
template <>
inline constexpr Title kTitle<Placement> = {"placement",
                                            "Where and how a service runs in this setup."};
template <>
inline constexpr Title kTitle<NeighborPattern> = {
    "neighbor_pattern", "When a neighbor wants CPU; written with exactly one of its keys."};
template <>
inline constexpr Title kTitle<OnOff> = {
    "on_off", "Wants CPU for a while, sleeps for a while, and so on, each thread by itself."};
template <>
inline constexpr Title kTitle<RecordedBursts> = {"recorded_bursts",
                                                 "Wants CPU at given times, once."};
template <>
inline constexpr Title kTitle<Burst> = {"burst", "A pause and the burst after it: [pause, on]."};
template <>
inline constexpr bool kIsTuple<Burst> = true;
template <>
inline constexpr Title kTitle<NeighborLoad> = {
    "neighbor_load",
    "How the load of a neighbor changes with time; written with exactly one of its keys."};
template <>
inline constexpr Title kTitle<LoadProfile> = {
    "load_profile", "Its load by the time of day, as factors on that of its pattern."};
template <>
inline constexpr Title kTitle<LoadFactor> = {"load_factor", "The factor at a time: [at, factor]."};
template <>
inline constexpr bool kIsTuple<LoadFactor> = true;
template <>
inline constexpr Title kTitle<RecordedLoad> = {
    "recorded_load",
    "Its load as it was recorded somewhere, for example by sar or from a container's counters."};
template <>
inline constexpr Title kTitle<Neighbor> = {
    "neighbor",
    "Another tenant of the machine: threads that want CPU, or use files, and serve no request."};
template <>
inline constexpr Title kTitle<Kernel> = {
    "kernel", "What differs between one Linux and another; for the schedulers eevdf and cfs."};
template <>
inline constexpr Title kTitle<Machine> = {"machine", "The computer, or the virtual one."};
template <>
inline constexpr Title kTitle<Guest> = {
    "guest", "A virtual machine: to the hardware each of its cores is a task like any other."};
template <>
inline constexpr Title kTitle<Hosting> = {
    "node",
    "A further computer of a setup, or the plan that it is, for services that are placed "
    "there: a database that a provider runs for you, a second host."};
template <>
inline constexpr Title kTitle<Balancer> = {
    "balancer",
    "A load balancer in front of the replicas of a setup. It belongs to the provider: it uses no "
    "CPU that is paid for otherwise."};
template <>
inline constexpr Title kTitle<Setup> = {
    "setup",
    "One candidate: a plan or a machine, or several, and how the application runs on them."};

template <class Visit>
void alternatives(Of<NeighborLoad>, Visit&& visit) {
  visit(Of<LoadProfile>(), "points");
  visit(Of<RecordedLoad>(), "file");
}

template <class Visit>
void alternatives(Of<NeighborPattern>, Visit&& visit) {
  visit(Of<OnOff>(), "on");
  visit(Of<RecordedBursts>(), "bursts");
}

template <class Visitor, Same<Kernel> T>
void fields(Visitor& v, T& kernel) {
  v.field("hz", kernel.hz,
          {.help = "CONFIG_HZ, 100, 250, 300 or 1000: that often a second the end of a time slice "
                   "or quota is noticed. 250 in Debian and many clouds, 1000 in RHEL and Fedora.",
           .whole = {100, 1000}});
  v.field("base_slice", kernel.base_slice,
          {.help = "/sys/kernel/debug/sched/base_slice_ns of eevdf.",
           .whole = between(microseconds(100), milliseconds(100)),
           .absent = "0.7ms with 1 core, 1.4ms with 2 or 3, 2.1ms with 4 to 7, 2.8ms with more"});
  v.field("throttling", kernel.throttling,
          {.help = "What stops when a quota is used up: each task when it next returns to user "
                   "mode (Linux 6.18), or the whole run queue (6.17 and before).",
           .choices = kThrottlings,
           .absent = "task under eevdf, queue under cfs"});
  v.field("bandwidth_slice", kernel.bandwidth_slice,
          {.help = "sched_cfs_bandwidth_slice_us: how much of a quota a core fetches at a time.",
           .whole = between(microseconds(100), milliseconds(100))});
  v.field("switch_cost", kernel.switch_cost,
          {.help = "CPU time that a switch from one task to another costs.",
           .whole = between(nanoseconds(0), milliseconds(1))});
  v.field(
      "idle_wake", kernel.idle_wake,
      {.help = "How long an idle core takes to start: virtual: as measured in a virtual machine "
               "on KVM, 28 to 80 us by the length of the idleness; hardware: no time.",
       .choices = kIdleWakes,
       .absent = "hardware where a machine has guests, else virtual"});
}
template <class Visitor, Same<Machine> T>
void fields(Visitor& v, T& machine) {
  v.field("cores", machine.cores, {.help = "CPU cores.", .required = true, .whole = {1, 4096}});
  v.field(
      "scheduler", machine.scheduler,
      {.help =
           "eevdf: Linux 6.6 and later, with its time slices, ticks and limits; cfs: Linux before "
           "6.6; fluid: ideal fair sharing with weights and limits; fifo: each task runs to its "
           "end.",
       .choices = kSchedulers});
  v.field("somaxconn", machine.somaxconn,
          {.help = "net.core.somaxconn: the upper limit of every backlog.", .whole = {0, 65'535}});
  v.field(
      "memory", machine.memory,
      {.help = "What it has for processes whose memory counts, those of services, and for pages "
               "of files. When processes use it up, one of them is killed.",
       .whole = kSomeMemory,
       .absent = "more than anybody wants"});
  v.field("swap", machine.swap,
          {.help = "Where pages of processes go when memory is short. It is on the disk, which "
                   "must be there.",
           .absent = "it has none"});
  v.field("local_ports", machine.local_ports,
          {.help = "Ports of net.ipv4.ip_local_port_range: connections from here to one address at "
                   "once, those that were closed here first in the last minute (TIME_WAIT) "
                   "included. Without one a call fails at once.",
           .whole = {1, 64'512}});
  v.field("tcp_tw_reuse", machine.tcp_tw_reuse,
          {.help = "net.ipv4.tcp_tw_reuse: whether a port in TIME_WAIT may be used again after a "
                   "second; 0: never, 1: always, 2: for connections to the same machine.",
           .whole = {0, 2}});
  v.field("kernel", machine.kernel, {.help = "How its Linux was built and tuned."});
  v.field("disk", machine.disk,
          {.help = "Where the files are that steps read, write, fsync and log use.",
           .absent = "a guest uses that of the hardware, in its own group; without one nobody "
                     "uses files on it"});
  v.field("log_daemon", machine.log_daemon,
          {.help = "Who writes logs that are queued.", .absent = "nobody"});
}
template <class Visitor, Same<CpuMax> T>
void fields(Visitor& v, T& limit) {
  v.field("quota", limit.quota,
          {.help = "CPU time per period; above one period it is more than one core.",
           .required = true,
           .whole = between(milliseconds(1), seconds(4096))});
  v.field("period", limit.period,
          {.help = "The period.", .whole = between(milliseconds(1), seconds(1))});
  v.field("burst", limit.burst,
          {.help = "Unused quota that may be saved for later, at most one quota (10 under fluid).",
           .whole = between(nanoseconds(0), seconds(40'960))});
  v.field("phase", limit.phase.fixed,
          {.help = "When the first period starts. The kernel's is random, fixed by when the cgroup "
                   "was made.",
           .whole = between(nanoseconds(0), seconds(1)),
           .word = "random"});
  v.field("bank", limit.bank,
          {.help = "Credits: unused quota is saved without end, also while nobody runs.",
           .absent = "what is not used is lost, but for the burst"});
  v.at_most_one_of({"burst", "bank"});
}
template <class Visitor, Same<CpuBank> T>
void fields(Visitor& v, T& bank) {
  v.field("most", bank.most,
          {.help = "How much CPU time it can have.", .required = true, .whole = kPositiveTime});
  v.field("initial", bank.initial, {.help = "How much it has at the start.", .whole = kAnyTime});
}
template <class Visitor, Same<Group> T>
void fields(Visitor& v, T& group) {
  v.field("parent", group.parent, {.help = "The group it is inside of.", .absent = "the root"});
  v.field("cpu_weight", group.cpu_weight,
          {.help = "cpu.weight: its share against its siblings when CPU is scarce.",
           .whole = {1, 10'000}});
  v.field(
      "cpu_shares", group.cpu_shares,
      {.help = "cpu.shares of cgroup v1, Docker and Kubernetes (1024 for a request of one CPU), "
               "instead of cpu_weight.",
       .whole = {2, 262'144},
       .absent = "as cpu_weight says"});
  v.field("shares_conversion", group.shares_conversion,
          {.help = "How cpu_shares becomes cpu.weight on a host with cgroup v2: none: the host has "
                   "v1; linear: runc before 1.3.2, crun before 1.23 (1024 becomes 39); "
                   "logarithmic: later ones (1024 becomes 100).",
           .choices = kSharesConversions});
  v.field("cpu_idle", group.cpu_idle,
          {.help = "cpu.idle: it runs when nobody else wants to, nearly."});
  v.field("cpu_max", group.cpu_max, {.help = "Its CPU limit.", .absent = "no limit"});
  v.field("cpus", group.cpus,
          {.help = "cpuset.cpus: the cores its tasks may use, such as \"0-3,5\".",
           .whole = {0, 4095},
           .absent = "those of the group around it"});
  fields(v, group.io);
  v.field("memory_max", group.memory_max,
          {.help = "memory.max: when its processes want more, pages of files go, then pages of "
                   "processes where there is swap, and then one of them is killed.",
           .whole = kSomeMemory,
           .absent = "no limit"});
  v.field("memory_min", group.memory_min,
          {.help = "memory.min: so much of what it has is never reclaimed for others.",
           .whole = kAnyMemory});
  v.field("memory_low", group.memory_low,
          {.help = "memory.low: so much is reclaimed for others only when these have nothing left.",
           .whole = kAnyMemory});
  v.field("memory_high", group.memory_high,
          {.help = "memory.high: what is above it is reclaimed, and who takes more sleeps the "
                   "longer the further it is above, up to 2 s at a time. It kills nobody.",
           .whole = kSomeMemory,
           .absent = "no limit"});
  v.field("oom_group", group.oom_group,
          {.help = "memory.oom.group: when one of its processes is killed for lack of memory, all "
                   "in it are, main processes included. Kubernetes since 1.28 sets it for each "
                   "container."});
  v.field("swap_max", group.swap_max,
          {.help = "memory.swap.max: how much of its processes may be in swap.",
           .whole = kAnyMemory,
           .absent = "no limit"});
  v.at_most_one_of({"cpu_weight", "cpu_shares"});
}
// Of the tasks of services, neighbors and guests alike.
template <class Visitor, Same<Scheduling> T>
void fields(Visitor& v, T& scheduling) {
  v.field("group", scheduling.group, {.help = "The group its tasks are in.", .absent = "the root"});
  v.field("nice", scheduling.nice, {.help = "The nice value of its tasks.", .whole = {-20, 19}});
  v.field("task_weight", scheduling.task_weight,
          {.help = "The scheduler's load weight of each task, instead of nice; 1024 is nice 0.",
           .whole = {1, 1'000'000},
           .absent = "as nice says"});
  v.field("policy", scheduling.policy,
          {.help = "normal: SCHED_OTHER; batch: SCHED_BATCH, does not preempt when it wakes; idle: "
                   "SCHED_IDLE, gives way to everybody.",
           .choices = kPolicies});
  v.field("slice", scheduling.slice,
          {.help = "A time slice of its own (sched_setattr): a shorter one is served sooner.",
           .whole = between(microseconds(100), milliseconds(100)),
           .absent = "the kernel's base slice"});
  v.at_most_one_of({"nice", "task_weight"});
}
template <class Visitor, Same<Guest> T>
void fields(Visitor& v, T& guest) {
  v.field("machine", guest.machine,
          {.help = "The virtual computer: its cores are virtual CPUs.", .required = true});
  fields(v, guest.scheduling);
  v.field("groups", guest.groups, {.help = "The cgroups inside of it by name."});
}
template <class Visitor, Same<Resources> T>
void fields(Visitor& v, T& resources) {
  v.field("cpu", resources.cpu,
          {.help = "Cores: 0.5 is 500m.", .real = {0.001, 4096}, .absent = "none is said"});
  v.field("memory", resources.memory,
          {.help = "Memory.", .whole = kSomeMemory, .absent = "none is said"});
}
template <class Visitor, Same<Container> T>
void fields(Visitor& v, T& container) {
  v.field("requests", container.requests,
          {.help = "What it asks for: its weight when CPU is scarce, and how likely it is that it "
                   "is killed when memory is. What is not said is as much as the limit."});
  v.field("limits", container.limits, {.help = "What it may have at most."});
}
template <class Visitor, Same<Placement> T>
void fields(Visitor& v, T& placement) {
  v.field("node", placement.node,
          {.help = "The node of the setup that it runs on.",
           .absent = "the computer or plan of the setup itself"});
  v.field("guest", placement.guest,
          {.help = "The virtual machine its workers run in.", .absent = "the hardware"});
  fields(v, placement.scheduling);
  v.field(
      "workers", placement.workers,
      {.help = "Workers in this setup.", .whole = {1, 10'000}, .absent = "as the service says"});
  v.field(
      "reads_cpu_clock", placement.reads_cpu_clock,
      {.help = "Its code reads its own CPU clock all the time, as benchmarks and some profilers "
               "do: the end of a quota is then noticed at once, not at a tick."});
  v.field("container", placement.container,
          {.help = "A container of Kubernetes, a pod of its own, instead of a group: requests and "
                   "limits become weight, quota, memory limit and score.",
           .absent = "it is in its group"});
  v.field("oom_score_adj", placement.oom_score_adj,
          {.help = "Of its processes, when the kernel chooses whom to kill: thousandths of the "
                   "limit that count as if they occupied them, too; -1000: they are never killed.",
           .whole = {-1000, 1000}});
  v.field("restart", placement.restart,
          {.help = "Who starts it again when its main process has ended, and when; until then "
                   "connections to it are refused.",
           .absent = "nobody does, and those who connect wait in vain"});
  v.field("idle_stop", placement.idle_stop,
          {.help = "When its platform stops it for lack of requests.",
           .absent = "never, or as the plan says"});
  v.field("probes", placement.probes,
          {.help = "How a kubelet finds out whether it is well.", .absent = "nobody asks it"});
  v.field(
      "entry_processes", placement.entry_processes,
      {.help = "EP of CloudLinux: requests to it in progress at once, queued ones included; one "
               "more is answered 508 at once.",
       .whole = {1, 1'000'000},
       .absent = "no limit, or that of the plan"});
}
template <class Visitor, Same<NeighborPattern> T>
void fields(Visitor& v, T& pattern) {
  v.keyed(pattern);
}
template <class Visitor, Same<OnOff> T>
void fields(Visitor& v, T& pattern) {
  v.field("on", pattern.on, {.help = "How long it wants CPU.", .required = true});
  v.field("off", pattern.off, {.help = "How long it sleeps.", .required = true});
}
template <class Visitor, Same<Burst> T>
void fields(Visitor& v, T& burst) {
  v.field("pause", burst.pause,
          {.help = "How long it sleeps first.", .required = true, .whole = kAnyTime});
  v.field("on", burst.on,
          {.help = "How long it then wants CPU.", .required = true, .whole = kPositiveTime});
}
template <class Visitor, Same<RecordedBursts> T>
void fields(Visitor& v, T& pattern) {
  v.field("bursts", pattern.bursts,
          {.help = "Pauses and bursts in turn; after the last one it sleeps for ever.",
           .required = true,
           .min_items = 1,
           .max_items = 100'000});
}
template <class Visitor, Same<NeighborLoad> T>
void fields(Visitor& v, T& load) {
  v.keyed(load);
}
template <class Visitor, Same<LoadFactor> T>
void fields(Visitor& v, T& point) {
  v.field("at", point.at, {.help = "Time since the start.", .required = true, .whole = kAnyTime});
  v.field("factor", point.factor,
          {.help = "Times the load of its pattern.", .required = true, .real = {0, 1e6}});
}
template <class Visitor, Same<LoadProfile> T>
void fields(Visitor& v, T& profile) {
  v.field("points", profile.points,
          {.help = "Factors on its load at some times, the first at 0; between them it follows "
                   "straight lines, after the last it stays.",
           .required = true,
           .min_items = 1,
           .max_items = 20'000});
  v.field("repeat", profile.repeat,
          {.help = "Start again at the time of the last point, instead of staying there."});
}
template <class Visitor, Same<RecordedLoad> T>
void fields(Visitor& v, T& recorded) {
  v.field("file", recorded.file,
          {.help = "A csv or csv.gz file, relative to the scenario file.", .required = true});
  v.field("time_column", recorded.time_column,
          {.help = "The column with the time from which a row is valid.", .required = true});
  v.field("time_unit", recorded.time_unit,
          {.help = "The unit of these times.", .choices = kRecordedUnits});
  v.field("load_column", recorded.load_column,
          {.help = "The column with the load until the next row: how many of its threads want "
                   "something, on average. For CPU these are cores: 1.5 is 150 % of one.",
           .required = true});
  v.field("repeat", recorded.repeat,
          {.help = "Begin again after the last row, which is valid as long as the one before it, "
                   "instead of staying there."});
}
template <class Visitor, Same<Neighbor> T>
void fields(Visitor& v, T& neighbor) {
  v.field("threads", neighbor.threads,
          {.help = "Threads, each of which can use a core.", .whole = {1, 10'000}});
  v.field("guest", neighbor.guest,
          {.help = "The virtual machine it runs in.", .absent = "the hardware"});
  fields(v, neighbor.scheduling);
  v.field("pattern", neighbor.pattern,
          {.help = "When it wants CPU, or uses files; spin: all the time.", .word = "spin"});
  v.field("files", neighbor.files,
          {.help = "What it does with files on the disk of its machine; it then takes no CPU.",
           .absent = "nothing: it wants CPU"});
  v.field("load", neighbor.load,
          {.help = "How its load changes with time; needs a pattern of times on and off.",
           .absent = "it stays what the pattern says"});
  v.field(
      "box_cv", neighbor.box_cv,
      {.help = "How much its load differs from one box to the next, each replication being one "
               "that might be given to you: the coefficient of variation of a factor, lognormal "
               "with mean 1, on the share of the time in which it wants CPU.",
       .real = {0, 10}});
  v.field("slowdown", neighbor.slowdown,
          {.help = "How much longer computing takes for the services on the same hardware while "
                   "this neighbor is on all of its cores, because they share caches and memory: "
                   "0.2 is 20 %.",
           .real = {0, 10}});
  v.field("memory", neighbor.memory,
          {.help = "What it occupies, all the time. It is never reclaimed, and nobody kills it.",
           .whole = kAnyMemory});
}
// Of a setup and of its nodes alike.
template <class Visitor, class AnyHosting>
void hosting_fields(Visitor& v, AnyHosting& hosting, std::string_view price) {
  v.field("price", hosting.price, {.help = price, .absent = "that of its plan, or unknown"});
  v.field("plan", hosting.plan,
          {.help = "What is bought: one of the plans of this scenario or of a catalog (cotenant "
                   "plans lists them). It says the machine, its limits and who else is on it.",
           .absent = "a machine is said instead"});
  v.field("assume", hosting.assume, {.help = "What its provider does not say."});
  v.field("neighborhood", hosting.neighborhood,
          {.help = "Who else is on the host of the plan: docs/models/neighborhoods.md says what "
                   "each means and by which evidence.",
           .choices = kNeighborhoods,
           .absent = "typical where CPU is shared or paid with credits, else none"});
  v.field("machine", hosting.machine,
          {.help = "The computer.", .absent = "as the plan says", .written = hosting.plan.empty()});
  v.one_of({"plan", "machine"});
  v.field("groups", hosting.groups, {.help = "The cgroups of the hardware by name."});
  v.field("guests", hosting.guests,
          {.help = "Virtual machines by name. Who runs in none runs on the hardware itself."});
}
template <class Visitor, Same<Hosting> T>
void fields(Visitor& v, T& node) {
  hosting_fields(v, node, "Price per month: a part of that of the setup.");
  v.field("neighbors", node.neighbors, {.help = "Other tenants of the machine by name."});
}
template <class Visitor, Same<Balancer> T>
void fields(Visitor& v, T& balancer) {
  v.field("method", balancer.method,
          {.help = "Which replica gets the next request; random_two: that of two drawn ones with "
                   "fewer requests; ip_hash: one for each client, as nginx.",
           .choices = kBalances});
  v.field("timeout", balancer.timeout,
          {.help = "How long it waits for a replica, connecting included; then the reply is 504.",
           .whole = between(milliseconds(1), seconds(86'400)),
           .source = "idle timeout of AWS' Application Load Balancer"});
  v.field("next", balancer.next,
          {.help = "After what it asks the next replica. Requests that are not idempotent are not "
                   "sent to a second one, unless this names non_idempotent.",
           .max_items = kNextUpstream.size(),
           .choices = kNextUpstream,
           .source = "as nginx"});
  v.field("max_fails", balancer.max_fails,
          {.help = "So many failures within fail_timeout, and a replica is left alone for as long; "
                   "0: never.",
           .whole = {0, 1'000'000},
           .source = "as nginx"});
  v.field("fail_timeout", balancer.fail_timeout,
          {.help = "How long a replica that failed is left alone.",
           .whole = between(milliseconds(1), seconds(86'400)),
           .source = "as nginx"});
  v.field("keep_alive", balancer.keep_alive,
          {.help = "Idle connections to all replicas together that it keeps; 0: a new one for each "
                   "request.",
           .whole = {0, 100'000},
           .source = "assumed: enough for as many requests at once"});
  v.field("buffers", balancer.buffers,
          {.help = "Whether it takes requests and replies to their end before it passes them on, "
                   "so that replicas do not wait for slow clients. Ingresses that are an nginx do, "
                   "load balancers of clouds do not."});
  v.field("price", balancer.price,
          {.help = "Price per month: a part of that of the setup.",
           .absent = "it is listed as not included"});
}
template <class Visitor, Same<Setup> T>
void fields(Visitor& v, T& setup) {
  v.field("description", setup.description,
          {.help = "What it is, for the reader.", .multiline = true});
  hosting_fields(v, setup, "Price per month, of all of it.");
  v.field("replicas", setup.replicas,
          {.help = "So many of the computer or plan, each with everything that is placed on it and "
                   "with neighbors of its own, behind a load balancer. What there is once, such as "
                   "a database, needs a node.",
           .whole = {1, 50}});
  v.field("balancer", setup.balancer,
          {.help = "The load balancer in front.",
           .absent = "none for one replica, and one with its defaults for several"});
  v.field("router", setup.router,
          {.help = "What its platform has before all of it, the load balancer included.",
           .absent = "that of the plan, or nothing that would limit how long a request takes"});
  v.field("nodes", setup.nodes,
          {.help = "Further computers or plans by name, for the services that are placed there."});
  v.field("network_rtt", setup.network_rtt,
          {.help = "A round trip from one of its computers to another.",
           .whole = between(nanoseconds(0), seconds(10)),
           .source = "assumed: within one site it takes some tenths of a millisecond"});
  v.field("services", setup.services,
          {.help = "Placements by service; a service that is not named runs in the root at nice 0.",
           .references = "services"});
  v.field("neighbors", setup.neighbors, {.help = "Other tenants of the machine by name."});
}

}  // namespace cotenant
