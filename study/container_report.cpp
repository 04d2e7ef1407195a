// SPDX-License-Identifier: Apache-2.0
#include "study/container_report.h"

#include <string>
#include <utility>

#include "scenarios/compile_machine.h"
#include "scenarios/computers.h"
#include "scenarios/containers.h"

namespace cotenant {
namespace {

std::string name_of(QosClass quality) {
  if (quality == QosClass::guaranteed) return "Guaranteed";
  return quality == QosClass::burstable ? "Burstable" : "BestEffort";
}

// Of a service whose container has become a group.
ContainerReport report_of(const std::string& service, const Container& container,
                          const Placement& placement, const Group& group) {
  ContainerReport report;
  report.service = service;
  report.qos_class = name_of(qos_of(container));
  report.weight = linear_weight_of_shares(*group.cpu_shares);
  report.cores = container.limits.cpu;
  if (group.memory_max) report.memory = group.memory_max->count();
  if (placement.oom_score_adj != 0) report.oom_score_adj = placement.oom_score_adj;
  return report;
}

void add_containers(SetupReport& report, const Setup& said, const Setup& written) {
  for (const auto& [name, placement] : said.services) {
    if (!placement.container) continue;
    const Placement& placed = *find_named(written.services, name);
    const std::optional<Computer> computer = computer_of(written, &placed);
    const Group& group = *find_named(computer->groups, placed.scheduling.group);
    report.containers.push_back(report_of(name, *placement.container, placed, group));
  }
}

}  // namespace

void add_containers(Report& report, const Scenario& said) {
  const Scenario written = in_containers(said);
  for (std::size_t s = 0; s < said.setups.size(); ++s) {
    add_containers(report.setups[s], said.setups[s].second, written.setups[s].second);
  }
}

}  // namespace cotenant
