// SPDX-License-Identifier: Apache-2.0
#include "scenarios/restart_policies.h"

#include <optional>

namespace cotenant {
namespace {

// linux.md section 7: 0.57 s until a container whose image is there has started.
constexpr Duration kContainerStart = milliseconds(570);

// linux.md section 7, crash loop: at once, then 10, 20, 40, 80, 160 and 300 s; ten minutes of
// running reset that.
RestartSpec kubernetes() {
  RestartSpec spec;
  spec.delay = seconds(10);
  spec.factor = 2;
  spec.longest = seconds(300);
  spec.reset_after = seconds(600);
  spec.start = kContainerStart;
  return spec;
}

// restartmanager/restartmanager.go of moby: defaultTimeout, backoffMultiplier, maxRestartTimeout,
// and the 10 s of ShouldRestart().
RestartSpec docker() {
  RestartSpec spec;
  spec.first = milliseconds(100);
  spec.delay = milliseconds(200);
  spec.factor = 2;
  spec.longest = seconds(60);
  spec.reset_after = seconds(10);
  spec.start = kContainerStart;
  return spec;
}

// systemd.service(5), systemd.unit(5): RestartSec, StartLimitBurst, StartLimitIntervalSec.
RestartSpec systemd() {
  RestartSpec spec;
  spec.first = spec.delay = spec.longest = milliseconds(100);
  spec.starts = 5;
  spec.within = seconds(10);
  return spec;
}

RestartSpec policy_named(std::string_view name) {
  if (name == "kubernetes") return kubernetes();
  if (name == "docker") return docker();
  if (name == "systemd") return systemd();
  RestartSpec never;
  never.never = true;
  return never;
}

}  // namespace

RestartSpec compile_restart(const Restart& restart) {
  RestartSpec spec = policy_named(restart.preset);
  spec.first = restart.first_delay.value_or(spec.first);
  spec.delay = restart.delay.value_or(spec.delay);
  spec.factor = restart.factor.value_or(spec.factor);
  spec.longest = restart.max_delay.value_or(spec.longest);
  if (restart.reset_after) spec.reset_after = restart.reset_after;
  spec.starts = static_cast<std::uint32_t>(restart.max_starts.value_or(spec.starts));
  spec.within = restart.within.value_or(spec.within);
  spec.start = restart.start.value_or(spec.start);
  return spec;
}

}  // namespace cotenant
