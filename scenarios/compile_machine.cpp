// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_machine.h"

#include <array>
#include <cmath>

#include "scenarios/compile_disk.h"
#include "sim/base/assert.h"
#include "sim/random/math.h"

namespace cotenant {
namespace {

// sched_prio_to_weight of kernel/sched/core.c, nice -20 to 19 (linux.md 1.1).
constexpr std::array<std::int64_t, 40> kNiceToWeight = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
    3906,  3121,  2501,  1991,  1586,  1277,  1024,  820,   655,   526,   423,  335,  272,  215,
    172,   137,   110,   87,    70,    56,    45,    36,    29,    23,    18,   15};

std::int64_t weight_of_nice(std::int64_t nice) {
  return kNiceToWeight[static_cast<std::size_t>(nice + 20)];
}

// cpu.weight 100 competes like one nice-0 task: shares = weight * 1024 / 100 (linux.md 1.2).
std::int64_t shares_of_weight(std::int64_t cpu_weight) { return cpu_weight * 1024 / 100; }

std::int64_t weight_of(const Group& group) {
  if (!group.cpu_shares) return shares_of_weight(group.cpu_weight);
  const std::int64_t shares = *group.cpu_shares;
  if (group.shares_conversion == "linear") return shares_of_weight(linear_weight_of_shares(shares));
  if (group.shares_conversion == "logarithmic") {
    return shares_of_weight(logarithmic_weight_of_shares(shares));
  }
  return shares;
}

KernelParameters compile_kernel(const Machine& machine, bool has_guests) {
  const Kernel& kernel = machine.kernel;
  KernelParameters parameters;
  parameters.tick = Duration(seconds(1).count() / kernel.hz);
  parameters.base_slice = kernel.base_slice;
  parameters.bandwidth_slice = kernel.bandwidth_slice;
  parameters.switch_cost = kernel.switch_cost;
  // No kernel with CFS throttles task by task: that came with 6.18, EEVDF with 6.6.
  const std::string usual = machine.scheduler == "cfs" ? "queue" : "task";
  const std::string& throttling = kernel.throttling.empty() ? usual : kernel.throttling;
  parameters.throttle_level = throttling == "queue" ? ThrottleLevel::queue : ThrottleLevel::task;
  // The latency measured in a guest contains what its host needs to wake the virtual CPU.
  const std::string wake = has_guests ? "hardware" : "virtual";
  const std::string& idle_wake = kernel.idle_wake.empty() ? wake : kernel.idle_wake;
  if (idle_wake == "hardware") parameters.idle_wake = IdleWake::none();
  return parameters;
}

class GroupCompiler {
 public:
  GroupCompiler(const Named<Group>& groups, MachineSpec& machine)
      : groups_(groups), machine_(machine) {}

  // Parents are added before their children, whatever the order in the file.
  GroupId add(const std::string& name) {
    for (std::uint32_t g = 0; g < machine_.group_names.size(); ++g) {
      if (machine_.group_names[GroupId(g)] == name) return GroupId(g);
    }
    const Group* found = find_named(groups_, name);
    COTENANT_ASSERT(found != nullptr);
    const Group& group = *found;
    CpuGroup compiled{add(group.parent), weight_of(group), std::nullopt, group.cpu_idle};
    compiled.cpus = cpus_of(group, compiled.parent);
    if (!group.cpu_max) return machine_.add_group(name, compiled);
    const CpuMax& cpu_max = *group.cpu_max;
    compiled.bandwidth =
        Bandwidth{CpuTime(cpu_max.quota.count()), cpu_max.period, CpuTime(cpu_max.burst.count())};
    if (cpu_max.bank) {
      compiled.bandwidth->burst = cpu_max.bank->most;
      compiled.bandwidth->credits = cpu_max.bank->initial;
    }
    return machine_.add_group(name, compiled, cpu_max.phase.fixed);
  }

 private:
  // Those of the group around it are a superset: check() saw to it.
  CpuSetId cpus_of(const Group& group, GroupId parent) {
    if (!group.cpus) return machine_.cpu.groups[parent].cpus;
    CpuSet cpus;
    for (const std::int64_t core : group.cpus->cores) {
      cpus.push_back(CoreId(static_cast<std::uint32_t>(core)));
    }
    return machine_.cpu.cpusets.push_back(std::move(cpus));
  }

  const Named<Group>& groups_;
  MachineSpec& machine_;
};

}  // namespace

std::int64_t linear_weight_of_shares(std::int64_t shares) {
  return 1 + (shares - 2) * 9999 / 262142;
}

// weight = ceil(10 ^ ((L^2 + 125 L) / 612 - 7 / 34)), L = log2(shares): opencontainers/cgroups,
// utils.go. It is a whole number at 2, 1024 and 262144 shares, where rounding must not add one.
std::int64_t logarithmic_weight_of_shares(std::int64_t shares) {
  const double l = math::log(static_cast<double>(shares)) / math::log(2);
  const double exponent = (l * l + 125 * l) / 612 - 7.0 / 34;
  const double weight = math::exp(exponent * math::log(10));
  return static_cast<std::int64_t>(std::ceil(weight * (1 - 1e-9)));
}

MachineSpec compile_machine(const Machine& machine, const Named<Group>& groups, bool has_guests) {
  MachineSpec spec;
  spec.scheduler = *scheduler_kind_named(machine.scheduler);
  spec.cpu.cores = static_cast<std::uint32_t>(machine.cores);
  spec.local_ports = static_cast<std::uint32_t>(machine.local_ports);
  spec.time_wait_reuse = static_cast<TimeWaitReuse>(machine.tcp_tw_reuse);
  spec.cpu.kernel = compile_kernel(machine, has_guests);
  spec.add_group("", CpuGroup{GroupId::none(), 1024, std::nullopt});
  GroupCompiler compiler(groups, spec);
  for (const auto& [name, group] : groups) compiler.add(name);
  if (machine.disk) spec.disk = compile_disk(*machine.disk, groups, spec);
  return spec;
}

CpuTask compile_task(const Scheduling& scheduling, const MachineSpec& machine) {
  CpuTask task;
  for (std::uint32_t g = 0; g < machine.group_names.size(); ++g) {
    if (machine.group_names[GroupId(g)] == scheduling.group) task.group = GroupId(g);
  }
  COTENANT_ASSERT(!task.group.is_none());
  task.weight = scheduling.task_weight.value_or(weight_of_nice(scheduling.nice));
  if (scheduling.policy == "batch") task.policy = SchedulingPolicy::batch;
  if (scheduling.policy == "idle") task.policy = SchedulingPolicy::idle;
  task.slice = scheduling.slice.value_or(Duration());
  return task;
}

}  // namespace cotenant
