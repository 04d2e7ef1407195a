// SPDX-License-Identifier: Apache-2.0
//
// What the user said, with defaults filled in: the typed form of one scenario file. Every quantity
// has its unit in its type, every choice is a variant. Nothing here is derived; deriving is
// compile()'s work. Keys in files are the member names. scenarios/fields.h lists the same members
// with units, ranges and help, and drives decoding, encoding, the JSON Schema and the reference
// documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/duration_law.h"
#include "scenarios/named.h"
#include "scenarios/scenario_application.h"
#include "scenarios/scenario_plan.h"
#include "scenarios/scenario_workload.h"
#include "sim/base/units.h"

namespace cotenant {

// --- Setups

struct QuotaPhase {
  std::optional<Duration> fixed;
  friend bool operator==(const QuotaPhase&, const QuotaPhase&) = default;
};  // nullopt: random, as at cgroup creation

// Credits: unused quota that is saved for as long as it takes, whether anybody runs or not.
struct CpuBank {
  CpuTime most;
  CpuTime initial;
  friend bool operator==(const CpuBank&, const CpuBank&) = default;
};

// cpu.max of a group.
struct CpuMax {
  Duration quota;
  Duration period = milliseconds(100);
  Duration burst;
  QuotaPhase phase;
  std::optional<CpuBank> bank{};  // instead of a burst
  friend bool operator==(const CpuMax&, const CpuMax&) = default;
};

// Cores by number, ascending, each once: "0-3,5".
struct CpuList {
  std::vector<std::int64_t> cores;
  friend bool operator==(const CpuList&, const CpuList&) = default;
};

struct Group {
  std::string parent;                      // empty: the root
  std::int64_t cpu_weight = 100;           // cpu.weight, 1..10000
  std::optional<std::int64_t> cpu_shares;  // instead of cpu_weight: cpu.shares of cgroup v1
  std::string shares_conversion = "none";  // none, linear or logarithmic
  bool cpu_idle = false;                   // cpu.idle
  std::optional<CpuMax> cpu_max;
  std::optional<CpuList> cpus;                 // cpuset.cpus
  IoControl io{};                              // its fields are those of the group
  std::optional<Bytes> memory_max;             // memory.max; nullopt: no limit
  Bytes memory_min, memory_low;                // memory.min, memory.low
  std::optional<Bytes> memory_high, swap_max;  // memory.high, memory.swap.max; nullopt: no limit
  bool oom_group = false;                      // memory.oom.group
  friend bool operator==(const Group&, const Group&) = default;
};

// How the scheduler treats a task.
struct Scheduling {
  std::string group;      // empty: the root
  std::int64_t nice = 0;  // -20..19
  std::optional<std::int64_t>
      task_weight;                // instead of nice: the scheduler's load weight, 1024 = nice 0
  std::string policy = "normal";  // normal, batch or idle
  std::optional<Duration> slice;  // its own, instead of the kernel's base slice
  friend bool operator==(const Scheduling&, const Scheduling&) = default;
};

// Who starts a service again whose main process has ended: a policy, and what differs from it.
struct Restart {
  std::string preset = "no";  // no, kubernetes, docker or systemd
  std::optional<Duration> first_delay, delay;
  std::optional<std::int64_t> factor;
  std::optional<Duration> max_delay, reset_after;
  std::optional<std::int64_t> max_starts;
  std::optional<Duration> within, start;
  friend bool operator==(const Restart&, const Restart&) = default;
};

// What a kubelet asks a service, and how often.
struct Probe {
  Duration cpu = milliseconds(1);  // of the answer
  Duration wait;                   // for others, a database say
  Duration initial_delay;
  Duration period = seconds(10);
  Duration timeout = seconds(1);
  std::int64_t failure_threshold = 3, success_threshold = 1;
  friend bool operator==(const Probe&, const Probe&) = default;
};
struct Probes {
  std::optional<Probe> startup, liveness, readiness;
  Duration grace = seconds(30);
  friend bool operator==(const Probes&, const Probes&) = default;
};

// What a container of Kubernetes asks for, and what it may have at most.
struct Resources {
  std::optional<double> cpu;  // cores
  std::optional<Bytes> memory;
  friend bool operator==(const Resources&, const Resources&) = default;
};
struct Container {
  Resources requests, limits;
  friend bool operator==(const Container&, const Container&) = default;
};

struct Placement {
  std::string node;   // empty: the computer of the setup
  std::string guest;  // on it; empty: its hardware
  Scheduling scheduling;
  std::optional<std::int64_t> workers;  // instead of the service's own number
  bool reads_cpu_clock =
      false;  // its code asks for its own CPU time all the while, as benchmarks do
  std::optional<Container> container{};           // nullopt: as the group says
  std::int64_t oom_score_adj = 0;                 // -1000..1000
  std::optional<Restart> restart{};               // nullopt: nobody, and connections wait
  std::optional<IdleStop> idle_stop{};            // nullopt: as the plan says, or never
  std::optional<Probes> probes{};                 // nullopt: nobody asks it
  std::optional<std::int64_t> entry_processes{};  // EP of CloudLinux; nullopt: no limit
  friend bool operator==(const Placement&, const Placement&) = default;
};

// What the threads of a neighbor want.
struct OnOff {
  DurationLaw on, off;
  friend bool operator==(const OnOff&, const OnOff&) = default;
};
struct Burst {
  Duration pause;  // since the burst before, or since the start
  Duration on;
  friend bool operator==(const Burst&, const Burst&) = default;
};
struct RecordedBursts {
  std::vector<Burst> bursts;
  friend bool operator==(const RecordedBursts&, const RecordedBursts&) = default;
};
using NeighborPattern = std::variant<OnOff, RecordedBursts>;

// What they do with files instead, one thing at a time.
using FileStep = std::variant<ReadStep, WriteStep, FsyncStep, LogStep>;
struct FileLoad {
  FileStep use;
  std::optional<Rate> rate;  // nullopt: the next one as soon as one is done
  friend bool operator==(const FileLoad&, const FileLoad&) = default;
};

// How its load changes with time: a factor on the share of the time in which it wants something.
struct LoadFactor {
  Duration at;
  double factor = 1;
  friend bool operator==(const LoadFactor&, const LoadFactor&) = default;
};
struct LoadProfile {
  std::vector<LoadFactor> points;  // straight lines in between
  bool repeat = false;             // from the last point on, as from the first
  friend bool operator==(const LoadProfile&, const LoadProfile&) = default;
};
// The same as it was recorded: how many threads wanted something, on average until the next row.
struct RecordedLoad {
  std::string file;  // csv or csv.gz, relative to the scenario file
  std::string time_column;
  std::string time_unit = "s";  // ns, us, ms or s
  std::string load_column;
  bool repeat = false;  // after the last row, which lasts as long as the one before
  friend bool operator==(const RecordedLoad&, const RecordedLoad&) = default;
};
using NeighborLoad = std::variant<LoadProfile, RecordedLoad>;

struct Neighbor {
  std::int64_t threads = 1;
  std::string guest;  // empty: the hardware
  Scheduling scheduling;
  std::optional<NeighborPattern> pattern;  // nullopt: wants CPU all the time
  std::optional<FileLoad> files{};         // that it uses; nullopt: CPU
  std::optional<NeighborLoad> load{};      // nullopt: the same all the time
  double box_cv = 0;                       // of its load, from one replication to the next
  double slowdown = 0;                     // of others, while it has all cores
  Bytes memory{};                          // that it holds all the time
  friend bool operator==(const Neighbor&, const Neighbor&) = default;
};

// What differs between one Linux and another, for the schedulers eevdf and cfs.
struct Kernel {
  std::int64_t hz = 250;               // CONFIG_HZ
  std::optional<Duration> base_slice;  // nullopt: grows with the number of cores
  std::string throttling;              // task or queue; empty: as the scheduler's kernels do
  Duration bandwidth_slice = milliseconds(5);
  Duration switch_cost = microseconds(3);
  std::string idle_wake;  // virtual or hardware; empty: as the machine is
  friend bool operator==(const Kernel&, const Kernel&) = default;
};

// On the disk of its computer.
struct Swap {
  Bytes size;
  std::int64_t swappiness = 60;  // vm.swappiness
  friend bool operator==(const Swap&, const Swap&) = default;
};

struct Machine {
  std::int64_t cores = 1;
  std::string scheduler = "eevdf";    // eevdf, cfs, fluid or fifo
  std::int64_t somaxconn = 4096;      // net.core.somaxconn
  std::int64_t local_ports = 28'232;  // of net.ipv4.ip_local_port_range
  std::int64_t tcp_tw_reuse = 2;      // net.ipv4.tcp_tw_reuse
  Kernel kernel;
  std::optional<Disk> disk{};
  std::optional<LogDaemon> log_daemon{};
  std::optional<Bytes> memory{};  // nullopt: more than anybody wants
  std::optional<Swap> swap{};
  friend bool operator==(const Machine&, const Machine&) = default;
};

// A virtual machine on the hardware of the setup. Each of its cores is a task there.
struct Guest {
  Machine machine;
  Scheduling scheduling;  // of its virtual CPUs
  Named<Group> groups;    // inside of it
  friend bool operator==(const Guest&, const Guest&) = default;
};

// A computer or the plan that it is, and who else is on it.
struct Hosting {
  std::optional<Money> price;
  std::string plan;  // of a catalog or of the scenario; then there is no machine
  PlanAssumptions assume;
  std::string neighborhood;  // none, quiet, typical, busy or hostile; empty: as the plan has it
  Machine machine;
  Named<Group> groups;
  Named<Guest> guests;
  Named<Neighbor> neighbors;
  friend bool operator==(const Hosting&, const Hosting&) = default;
};

// In front of replicas: a service of the provider, which uses no CPU of theirs.
struct Balancer {
  std::string method = "round_robin";  // as nginx's balance
  Duration timeout = seconds(60);      // of the wait for a replica, connecting included
  std::vector<std::string> next = {"refused", "reset", "timed_out"};
  std::int64_t max_fails = 1;  // then a replica is left alone
  Duration fail_timeout = seconds(10);
  std::int64_t keep_alive = 100;  // idle connections to all replicas together
  bool buffers = false;           // requests and replies of slow clients
  std::optional<Money> price;
  friend bool operator==(const Balancer&, const Balancer&) = default;
};

struct Setup : Hosting {  // its price is that of all of it
  std::string description;
  std::int64_t replicas = 1;                 // of this computer with all that runs on it
  std::optional<Balancer> balancer;          // nullopt: as by default, where there are several
  std::optional<Router> router{};            // nullopt: that of its plan, or none
  Named<Hosting> nodes;                      // further ones
  Duration network_rtt = microseconds(500);  // from one of them to another
  Named<Placement> services;
  friend bool operator==(const Setup&, const Setup&) = default;
};

// --- Objectives and study

struct Objective {
  std::string metric;
  std::string request_class;    // key "class"; empty: all requests
  std::optional<double> below;  // in the metric's base unit (s, 1/s, ratio); exactly one of the two
  std::optional<double> above;
  friend bool operator==(const Objective&, const Objective&) = default;
};

struct Study {
  Duration duration = seconds(600);  // simulated time of each replication, warm-up included
  std::optional<Duration> warmup;    // nullopt: found by MSER-5
  std::int64_t replications = 10;
  std::optional<double> precision;      // goal: relative half-width of the p95 interval
  std::int64_t max_replications = 200;  // where precision may not go beyond
  double confidence = 0.95;
  std::optional<std::int64_t>
      max_events;                   // per replication; a run that hits it is marked incomplete
  std::optional<Bytes> max_memory;  // of one replication's world
  friend bool operator==(const Study&, const Study&) = default;
};

struct Scenario {
  // Defined in one place: all the parts make long code, which every file that holds one would
  // repeat.
  Scenario();
  Scenario(const Scenario& other);
  Scenario(Scenario&& other) noexcept;
  Scenario& operator=(const Scenario& other);
  Scenario& operator=(Scenario&& other) noexcept;
  ~Scenario();

  std::string schema;  // key "$schema"; ignored
  std::int64_t format = 1;
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  std::string parameters;  // a file with fitted ones, relative to that of the scenario
  Workload workload;
  Named<Service> application;
  Named<Plan> plans;  // its own, and those of catalogs that its setups name
  Named<Setup> setups;
  std::vector<Objective> objectives;
  Study study;
  friend bool operator==(const Scenario& a, const Scenario& b);
};

}  // namespace cotenant
