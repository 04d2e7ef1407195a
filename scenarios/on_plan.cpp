// SPDX-License-Identifier: Apache-2.0
//
// See the header. A plan with a CPU of its own or with credits is a virtual machine, one with a
// quota a group, a dedicated one the computer itself.
#include "scenarios/on_plan.h"

#include <algorithm>
#include <cmath>

#include "scenarios/application.h"
#include "scenarios/computers.h"
#include "scenarios/neighborhood.h"

namespace cotenant {

namespace {

// No provider says how many cores a host has that it shares: assumed. With more of them the
// neighbors of one box differ less from moment to moment. Half of it at least is for others.
constexpr std::int64_t kHostCores = 8;

// Kernels of hypervisors and of shared hosts are those of RHEL and its like.
constexpr std::int64_t kHostHz = 1000;

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

// A hosting of a setup, and the services that are placed there.
struct Buyer {
  Hosting& hosting;
  std::string node;  // its name; empty: the setup itself
  Named<Placement>& services;
  const Named<Service>& application;

  Placement& placement_of(const std::string& service) const {
    for (auto& [placed, each] : services) {
      if (placed == service) return each;
    }
    return services.emplace_back(service, Placement()).second;
  }

  void place_services(const std::string& guest, const std::string& group, const Plan& plan) const {
    for (const auto& [name, service] : application) {
      const Placement* said = find_named(services, name);
      const bool is_here = (said != nullptr ? said->node : "") == node;
      if (!is_here || std::holds_alternative<External>(service.server)) continue;
      Placement& placement = placement_of(name);
      placement.guest = guest;
      placement.scheduling.group = group;
      if (!is_web_server(service)) continue;
      if (!placement.workers) placement.workers = plan.limits.workers;
      if (!placement.entry_processes) placement.entry_processes = plan.limits.entry_processes;
      if (!placement.idle_stop && !placement.probes) placement.idle_stop = plan.idle_stop;
    }
  }
};

// The computer is the plan.
void become_dedicated(const Buyer& buyer, const Plan& plan) {
  buyer.hosting.machine = guest_machine(plan);
  buyer.place_services("", "", plan);
}

void become_guest(const Buyer& buyer, const Plan& plan) {
  buyer.hosting.machine = host_of(plan);
  Guest guest;
  guest.machine = guest_machine(plan);
  Group limits = group_of(plan);
  if (limits.cpu_max) {
    // As many threads as it has virtual CPUs compete with those of others.
    limits.cpu_shares = kSharesPerVcpu * whole_cores(*plan.vcpus);
    buyer.hosting.groups.emplace_back(kGroupName, limits);
    guest.scheduling.group = kGroupName;
  }
  buyer.hosting.guests.emplace_back(std::string(kPlanGuest), guest);
  buyer.place_services(std::string(kPlanGuest), "", plan);
}

void become_group(const Buyer& buyer, const Plan& plan) {
  buyer.hosting.machine = host_of(plan);
  buyer.hosting.machine.disk = plan.disk;
  Group group = group_of(plan);
  const double shares = std::floor(static_cast<double>(kSharesPerVcpu) * *plan.vcpus);
  group.cpu_shares = std::max<std::int64_t>(2, static_cast<std::int64_t>(shares));
  group.memory_max = plan.memory;
  group.io.total_bps = plan.limits.io;
  group.io.total_iops = plan.limits.iops;
  buyer.hosting.groups.emplace_back(kGroupName, group);
  buyer.place_services("", kGroupName, plan);
}

bool says_its_cpu(const Plan& plan) {
  const auto* credits = std::get_if<CreditCpu>(&plan.cpu);
  return plan.vcpus && (credits == nullptr || (credits->baseline && credits->most));
}

void become_plan(const Buyer& buyer, const Plan& plan) {
  if (plan.kind == "dedicated") {
    become_dedicated(buyer, plan);
  } else if (is_account(plan)) {
    become_group(buyer, plan);
  } else {
    become_guest(buyer, plan);
  }
  buyer.hosting.plan.clear();
  buyer.hosting.assume = {};
}

// Unless its plan does not say how much CPU it has.
void become_concrete(const Buyer& buyer, const Scenario& scenario) {
  Hosting& hosting = buyer.hosting;
  const std::string others = neighborhood_of(scenario, hosting);
  if (const Plan* plan = find_named(scenario.plans, hosting.plan)) {
    const Plan assumed = as_assumed(*plan, hosting.assume);
    if (!says_its_cpu(assumed)) return;
    become_plan(buyer, assumed);
  }
  hosting.neighborhood.clear();
  if (others.empty()) return;
  hosting.neighbors.emplace_back(kNeighborhoodName, neighborhood(others, hosting.machine.cores));
}

}  // namespace

bool is_account(const Plan& plan) {
  return plan.kind != "vps" && plan.kind != "dedicated" &&
         !std::holds_alternative<CreditCpu>(plan.cpu) &&
         !std::holds_alternative<DedicatedCpu>(plan.cpu);
}

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

namespace {

std::optional<Money> price_of_one(const Scenario& scenario, const Hosting& hosting) {
  if (hosting.price) return hosting.price;
  const Plan* plan = find_named(scenario.plans, hosting.plan);
  return plan != nullptr ? plan->price : std::nullopt;
}

// Of everything that is paid by itself; nothing for what has no known price.
std::vector<std::optional<Money>> prices_of(const Scenario& scenario, const Setup& setup) {
  std::vector<std::optional<Money>> prices;
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    prices.push_back(price_of_one(scenario, hosting));
    if (node.empty() && prices.back()) prices.back()->cents *= setup.replicas;
  });
  if (setup.balancer && setup.balancer->price) prices.push_back(setup.balancer->price);
  return prices;
}

}  // namespace

std::optional<Money> price_of(const Scenario& scenario, const Setup& setup) {
  if (setup.price) return setup.price;
  std::optional<Money> sum;
  for (const std::optional<Money>& price : prices_of(scenario, setup)) {
    if (!price || (sum && sum->currency != price->currency)) return std::nullopt;
    if (!sum) sum = Money{price->currency, 0};
    sum->cents += price->cents;
  }
  return sum;
}

std::vector<std::string> currencies_of(const Scenario& scenario, const Setup& setup) {
  std::vector<std::string> currencies;
  for (const std::optional<Money>& price : prices_of(scenario, setup)) {
    if (!price) continue;
    if (std::find(currencies.begin(), currencies.end(), price->currency) == currencies.end()) {
      currencies.push_back(price->currency);
    }
  }
  return currencies;
}

std::string neighborhood_of(const Scenario& scenario, const Hosting& hosting) {
  if (hosting.neighborhood == "none") return "";
  if (!hosting.neighborhood.empty()) return hosting.neighborhood;
  const Plan* plan = find_named(scenario.plans, hosting.plan);
  return plan != nullptr && is_shared(*plan) ? "typical" : "";
}

Scenario on_plans(const Scenario& scenario) {
  Scenario concrete = scenario;
  for (auto& [name, setup] : concrete.setups) {
    Named<Placement>& services = setup.services;
    const Plan* plan = find_named(scenario.plans, setup.plan);
    if (!setup.router && plan != nullptr) setup.router = plan->router;
    for_each_hosting(setup, [&](const std::string& node, Hosting& hosting) {
      become_concrete({hosting, node, services, scenario.application}, scenario);
    });
  }
  return concrete;
}

}  // namespace cotenant
