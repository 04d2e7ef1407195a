// SPDX-License-Identifier: Apache-2.0
//
// Shares and scores as in the kubelet (pkg/kubelet/qos/policy.go, pkg/kubelet/cm/helpers_linux.go,
// linux.md section 4): MilliCPUToShares(), QuotaPeriod of 100 ms, the weight of the burstable pods
// the sum of their requests, that of the best-effort ones the least there is.
#include "scenarios/containers.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "scenarios/application.h"
#include "scenarios/computers.h"
#include "sim/base/int128.h"

namespace cotenant {
namespace {

constexpr std::int64_t kLeastShares = 2, kMostShares = 262'144;
constexpr double kSharesOfACore = 1024;
constexpr Duration kPeriod = milliseconds(100);
constexpr Duration kLeastQuota = milliseconds(1);

std::int64_t shares_of(double cpu) {
  const auto shares = static_cast<std::int64_t>(std::floor(cpu * kSharesOfACore));
  return std::clamp(shares, kLeastShares, kMostShares);
}

Group inside(std::string_view parent, double cpu) {
  Group group;
  group.parent = parent;
  group.cpu_shares = shares_of(cpu);
  group.shares_conversion = "linear";
  return group;
}

std::string_view parent_of(const Container& container) {
  const QosClass quality = qos_of(container);
  if (quality == QosClass::guaranteed) return kPods;
  return quality == QosClass::burstable ? kBurstable : kBestEffort;
}

Group group_of(const Container& container) {
  Group group = inside(parent_of(container), requests_of(container).cpu.value_or(0));
  if (const auto& cpu = container.limits.cpu) {
    const double quota = std::floor(*cpu * static_cast<double>(kPeriod.count()));
    CpuMax& limit = group.cpu_max.emplace();
    limit.quota = std::max(Duration(static_cast<std::int64_t>(quota)), kLeastQuota);
    limit.period = kPeriod;
  }
  group.memory_max = container.limits.memory;
  group.oom_group = container.limits.memory.has_value();
  return group;
}

// Containers of one computer, and its groups.
class Kubelet {
 public:
  Kubelet(const Scenario& scenario, const Machine& machine, Named<Group>& groups)
      : scenario_(scenario), machine_(machine), groups_(groups) {}

  void run(const std::string& name, Placement& placement) {
    const Container container = *placement.container;
    placement.container.reset();
    if (find_named(groups_, kPods) == nullptr) begin();
    if (qos_of(container) == QosClass::burstable) {
      requested_ += requests_of(container).cpu.value_or(0);
      groups_[burstable_].second.cpu_shares = shares_of(requested_);
    }
    groups_.emplace_back(name, group_of(container));
    placement.scheduling.group = name;
    const Service& service = *find_named(scenario_.application, name);
    if (service.memory && !is_proxy(service)) {
      placement.oom_score_adj = oom_score_of(container, machine_.memory.value_or(Bytes::max()));
    }
    const bool may_be_restarted = has_main_process(service) || is_database(service);
    if (may_be_restarted && !placement.restart) placement.restart.emplace().preset = "kubernetes";
  }

 private:
  void begin() {
    groups_.emplace_back(kPods, inside("", static_cast<double>(machine_.cores)));
    burstable_ = groups_.size();
    groups_.emplace_back(kBurstable, inside(kPods, 0));
    groups_.emplace_back(kBestEffort, inside(kPods, 0));
  }

  const Scenario& scenario_;
  const Machine& machine_;
  Named<Group>& groups_;
  double requested_ = 0;       // by burstable containers
  std::size_t burstable_ = 0;  // their group
};

void run_on(const Scenario& scenario, const std::string& node, const std::string& guest,
            const Machine& machine, Named<Group>& groups, Setup& setup) {
  Kubelet kubelet(scenario, machine, groups);
  for (auto& [name, placement] : setup.services) {
    if (!placement.container || placement.node != node || placement.guest != guest) continue;
    kubelet.run(name, placement);
  }
}

}  // namespace

Resources requests_of(const Container& container) {
  Resources requests = container.requests;
  if (!requests.cpu) requests.cpu = container.limits.cpu;
  if (!requests.memory) requests.memory = container.limits.memory;
  return requests;
}

QosClass qos_of(const Container& container) {
  const Resources requests = requests_of(container);
  if (!requests.cpu && !requests.memory) return QosClass::best_effort;
  const bool is_whole = container.limits.cpu && container.limits.memory;
  return is_whole && requests == container.limits ? QosClass::guaranteed : QosClass::burstable;
}

std::int64_t oom_score_of(const Container& container, Bytes capacity) {
  constexpr std::int64_t kGuaranteed = -997, kBestEffortScore = 1000;
  const QosClass quality = qos_of(container);
  if (quality == QosClass::guaranteed) return kGuaranteed;
  if (quality == QosClass::best_effort) return kBestEffortScore;
  const Bytes request = requests_of(container).memory.value_or(Bytes(0));
  const std::int64_t share = scaled(request.count(), 1000, capacity.count());
  return std::clamp<std::int64_t>(1000 - share, 1000 + kGuaranteed, kBestEffortScore - 1);
}

Scenario in_containers(const Scenario& scenario) {
  Scenario written = scenario;
  for (auto& [name, setup] : written.setups) {
    for_each_hosting(setup, [&, &placed = setup](const std::string& node, Hosting& hosting) {
      run_on(scenario, node, "", hosting.machine, hosting.groups, placed);
      for (auto& [guest, computer] : hosting.guests) {
        run_on(scenario, node, guest, computer.machine, computer.groups, placed);
      }
    });
  }
  return written;
}

}  // namespace cotenant
