// SPDX-License-Identifier: Apache-2.0
//
// See the header. A plan with a CPU of its own or with credits is a virtual machine, one with a
// quota a group, a dedicated one the computer itself.
#include "scenarios/on_plan.h"

#include <algorithm>
#include <cmath>

#include "scenarios/application.h"
#include "scenarios/neighborhood.h"

namespace cotenant {

namespace {

// No provider says how many cores a host has that it shares: assumed. With more of them the
// neighbors of one box differ less from moment to moment. Half of it at least is for others.
constexpr std::int64_t kHostCores = 8;

// Kernels of hypervisors and of shared hosts are those of RHEL and its like.
constexpr std::int64_t kHostHz = 1000;

constexpr const char* kGuestName = "vm";
constexpr const char* kGroupName = "plan";

std::int64_t whole_cores(double vcpus) { return static_cast<std::int64_t>(std::ceil(vcpus)); }

Duration share_of(Duration period, double cores) {
  return Duration(
      static_cast<std::int64_t>(std::floor(static_cast<double>(period.count()) * cores + 0.5)));
}

bool is_shared(const Plan& plan) {
  return !std::holds_alternative<DedicatedCpu>(plan.cpu) && plan.kind != "dedicated";
}

Machine host_of(const Plan& plan) {
  Machine host;
  const std::int64_t own = whole_cores(*plan.vcpus);
  host.cores = is_shared(plan) ? std::max(kHostCores, 2 * own) : own;
  host.kernel.hz = kHostHz;
  return host;
}

// What CPU a group of the host may use, if that is limited.
struct CpuLimitOf {
  double vcpus;

  std::optional<CpuMax> operator()(const DedicatedCpu&) const { return std::nullopt; }
  std::optional<CpuMax> operator()(const SharedCpu&) const { return std::nullopt; }
  std::optional<CpuMax> operator()(const QuotaCpu& cpu) const {
    CpuMax limit;
    limit.quota = share_of(cpu.period, vcpus);
    limit.period = cpu.period;
    return limit;
  }
  std::optional<CpuMax> operator()(const CreditCpu& cpu) const {
    if (cpu.unlimited) return std::nullopt;
    CpuMax limit;
    limit.quota = share_of(cpu.period, vcpus * *cpu.baseline);
    limit.period = cpu.period;
    limit.bank = CpuBank{*cpu.most, cpu.initial};
    return limit;
  }
};

// cpu.shares for each vCPU, as Docker and Kubernetes count.
constexpr std::int64_t kSharesPerVcpu = 1024;

// Its limit on the host; its weight there depends on what it becomes.
Group group_of(const Plan& plan) {
  Group group;
  group.cpu_max = std::visit(CpuLimitOf{*plan.vcpus}, plan.cpu);
  return group;
}

Machine guest_machine(const Plan& plan) {
  Machine machine;
  machine.cores = whole_cores(*plan.vcpus);
  machine.memory = plan.memory;
  machine.disk = plan.disk;
  return machine;
}

void place_services(Setup& setup, const Named<Service>& application, const std::string& guest,
                    const std::string& group, const Plan& plan) {
  for (const auto& [name, service] : application) {
    if (std::holds_alternative<External>(service.server)) continue;
    Placement* placement = nullptr;
    for (auto& [placed, each] : setup.services) {
      if (placed == name) placement = &each;
    }
    if (placement == nullptr) placement = &setup.services.emplace_back(name, Placement()).second;
    placement->guest = guest;
    placement->scheduling.group = group;
    if (!is_web_server(service)) continue;
    if (!placement->workers) placement->workers = plan.limits.workers;
    if (!placement->entry_processes) placement->entry_processes = plan.limits.entry_processes;
  }
}

// The computer is the plan.
void become_dedicated(Setup& setup, const Named<Service>& application, const Plan& plan) {
  setup.machine = guest_machine(plan);
  place_services(setup, application, "", "", plan);
}

void become_guest(Setup& setup, const Named<Service>& application, const Plan& plan) {
  setup.machine = host_of(plan);
  Guest guest;
  guest.machine = guest_machine(plan);
  Group limits = group_of(plan);
  if (limits.cpu_max) {
    // As many threads as it has virtual CPUs compete with those of others.
    limits.cpu_shares = kSharesPerVcpu * whole_cores(*plan.vcpus);
    setup.groups.emplace_back(kGroupName, limits);
    guest.scheduling.group = kGroupName;
  }
  setup.guests.emplace_back(kGuestName, guest);
  place_services(setup, application, kGuestName, "", plan);
}

void become_group(Setup& setup, const Named<Service>& application, const Plan& plan) {
  setup.machine = host_of(plan);
  setup.machine.disk = plan.disk;
  Group group = group_of(plan);
  const double shares = std::floor(static_cast<double>(kSharesPerVcpu) * *plan.vcpus);
  group.cpu_shares = std::max<std::int64_t>(2, static_cast<std::int64_t>(shares));
  group.memory_max = plan.memory;
  group.io.read_bps = plan.limits.io;
  group.io.write_bps = plan.limits.io;
  group.io.read_iops = plan.limits.iops;
  group.io.write_iops = plan.limits.iops;
  setup.groups.emplace_back(kGroupName, group);
  place_services(setup, application, "", kGroupName, plan);
}

bool is_virtual_machine(const Plan& plan) {
  return plan.kind == "vps" || std::holds_alternative<CreditCpu>(plan.cpu) ||
         std::holds_alternative<DedicatedCpu>(plan.cpu);
}

bool says_its_cpu(const Plan& plan) {
  const auto* credits = std::get_if<CreditCpu>(&plan.cpu);
  return plan.vcpus && (credits == nullptr || (credits->baseline && credits->most));
}

Setup on_plan(const Setup& said, const Plan& plan, const Named<Service>& application) {
  Setup setup = said;
  if (plan.kind == "dedicated") {
    become_dedicated(setup, application, plan);
  } else if (is_virtual_machine(plan)) {
    become_guest(setup, application, plan);
  } else {
    become_group(setup, application, plan);
  }
  setup.plan.clear();
  setup.assume = {};
  return setup;
}

}  // namespace

Plan as_assumed(const Plan& plan, const PlanAssumptions& assume) {
  Plan assumed = plan;
  if (assume.vcpus) assumed.vcpus = assume.vcpus;
  if (auto* credits = std::get_if<CreditCpu>(&assumed.cpu)) {
    if (assume.baseline) credits->baseline = assume.baseline;
    if (assume.credits) credits->most = assume.credits;
    if (credits->most) credits->initial = std::min(credits->initial, *credits->most);
  }
  return assumed;
}

std::optional<Money> price_of(const Scenario& scenario, const Setup& setup) {
  if (setup.price) return setup.price;
  const Plan* plan = find_named(scenario.plans, setup.plan);
  return plan != nullptr ? plan->price : std::nullopt;
}

std::string neighborhood_of(const Scenario& scenario, const Setup& setup) {
  if (setup.neighborhood == "none") return "";
  if (!setup.neighborhood.empty()) return setup.neighborhood;
  const Plan* plan = find_named(scenario.plans, setup.plan);
  return plan != nullptr && is_shared(*plan) ? "typical" : "";
}

Scenario on_plans(const Scenario& scenario) {
  Scenario concrete = scenario;
  for (auto& [name, setup] : concrete.setups) {
    const std::string others = neighborhood_of(scenario, setup);
    const Plan* plan = find_named(scenario.plans, setup.plan);
    if (plan != nullptr) {
      const Plan assumed = as_assumed(*plan, setup.assume);
      if (!says_its_cpu(assumed)) continue;
      setup = on_plan(setup, assumed, scenario.application);
    }
    setup.neighborhood.clear();
    if (others.empty()) continue;
    setup.neighbors.emplace_back(kNeighborhoodName, neighborhood(others, setup.machine.cores));
  }
  return concrete;
}

}  // namespace cotenant
