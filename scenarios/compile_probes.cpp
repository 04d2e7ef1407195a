// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_probes.h"

#include <utility>

namespace cotenant {
namespace {

void add_step(ClassSpec& spec, StepSpec::Kind kind, Duration time) {
  if (time.is_zero()) return;
  spec.steps.push_back({kind, Sampler(law::Constant{static_cast<double>(time.count())})});
}

// No name of a request class or operation has a slash.
void add(Blueprint& blueprint, ServiceSpec& spec, ServiceId service, ProbeKind kind,
         const std::string& name, const std::optional<Probe>& probe) {
  if (!probe) return;
  ClassSpec asked{spec.name + "/" + name, service, {}};
  asked.is_called = true;
  add_step(asked, StepSpec::Kind::cpu, probe->cpu);
  add_step(asked, StepSpec::Kind::wait, probe->wait);
  CallSpec call;
  call.name = asked.name;
  call.operation = blueprint.classes.push_back(std::move(asked));
  call.sender.timeout = probe->timeout;
  call.is_sent = call.is_probe = true;
  spec.probes.push_back({kind, blueprint.calls.push_back(std::move(call)), probe->initial_delay,
                         probe->period, static_cast<std::uint32_t>(probe->success_threshold),
                         static_cast<std::uint32_t>(probe->failure_threshold)});
}

}  // namespace

void compile_probes(Blueprint& blueprint, ServiceSpec& spec, ServiceId service,
                    const Probes& probes) {
  add(blueprint, spec, service, ProbeKind::startup, "startup", probes.startup);
  add(blueprint, spec, service, ProbeKind::liveness, "liveness", probes.liveness);
  add(blueprint, spec, service, ProbeKind::readiness, "readiness", probes.readiness);
  spec.grace = probes.grace;
}

}  // namespace cotenant
