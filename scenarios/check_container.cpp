// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_container.h"

#include <fmt/format.h>

#include "scenarios/application.h"
#include "scenarios/containers.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

template <class Amount>
void check_amount(Checker& checker, const std::string& pointer, const char* what,
                  const std::optional<Amount>& request, const std::optional<Amount>& limit) {
  if (!request || !limit || *request <= *limit) return;
  checker.problem(
      pointer + "/requests/" + what,
      fmt::format("must not be above the limit of {}, got {}", to_text(*limit), to_text(*request)),
      fmt::format("at most {}", to_text(*limit)));
}

// What of it is said twice.
void check_own_words(Checker& checker, const std::string& pointer, const Placement& placement) {
  if (!placement.scheduling.group.empty()) {
    checker.problem(pointer + "/group", "a container is a group of its own");
  }
  if (placement.oom_score_adj != 0) {
    checker.problem(pointer + "/oom_score_adj", "follows from the QoS class of the container");
  }
}

bool is_on(const Placement& placement, const Computer& computer) {
  return placement.container && placement.node == computer.node &&
         placement.guest == computer.guest;
}

// Groups that come with containers must not be there.
void check_names(Checker& checker, const Computer& computer, const std::string& name) {
  for (const std::string_view taken : {std::string_view(name), kPods, kBurstable, kBestEffort}) {
    if (find_named(computer.groups, taken) == nullptr) continue;
    checker.problem(computer.pointer + "/groups" + pointer_token(taken),
                    fmt::format("must have another name: the container of {} makes a group of this "
                                "one",
                                in_quotes(name)));
  }
}

}  // namespace

void check_container(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service) {
  if (!placement.container) return;
  const std::string place = pointer + "/container";
  const Container& container = *placement.container;
  check_own_words(checker, pointer, placement);
  check_amount(checker, place, "cpu", container.requests.cpu, container.limits.cpu);
  check_amount(checker, place, "memory", container.requests.memory, container.limits.memory);
  if (is_celery(service) && service.memory && container.limits.memory) {
    checker.problem(place + "/limits/memory",
                    "would kill all of a celery at once, which is not modeled");
  }
}

void check_containers(Checker& checker, const std::string& pointer, const Computer& computer,
                      const Setup& setup) {
  double cpu = 0;
  Bytes memory;
  bool any = false;
  for (const auto& [name, placement] : setup.services) {
    if (!is_on(placement, computer)) continue;
    any = true;
    check_names(checker, computer, name);
    const Resources requests = requests_of(*placement.container);
    cpu += requests.cpu.value_or(0);
    memory += requests.memory.value_or(Bytes(0));
    const std::string place = pointer + "/services" + pointer_token(name) + "/container";
    const Service* service = find_named(checker.scenario().application, name);
    const bool is_scored = service != nullptr && service->memory && !is_proxy(*service) &&
                           qos_of(*placement.container) == QosClass::burstable;
    if (is_scored && !computer.machine.memory) {
      checker.problem(place,
                      "is Burstable: its score depends on the memory of the machine, which "
                      "is not said");
    }
  }
  if (!any) return;
  if (computer.machine.scheduler == "fifo") {
    checker.problem(computer.pointer + "/machine/scheduler",
                    "fifo has no groups, and so no containers");
  }
  if (cpu > static_cast<double>(computer.machine.cores)) {
    checker.problem(computer.pointer + "/machine/cores",
                    fmt::format("are fewer than the {} that containers request: Kubernetes would "
                                "leave some of them pending",
                                to_text(cpu)));
  }
  if (computer.machine.memory && memory > *computer.machine.memory) {
    checker.problem(computer.pointer + "/machine/memory",
                    fmt::format("is less than the {} that containers request: Kubernetes would "
                                "leave some of them pending",
                                to_text(memory)));
  }
}

}  // namespace cotenant
