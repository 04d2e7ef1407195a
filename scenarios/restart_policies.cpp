// SPDX-License-Identifier: Apache-2.0
#include "scenarios/restart_policies.h"

#include <algorithm>

namespace cotenant {
namespace {

// Until a container whose image is there has started: arXiv 2602.15214.
constexpr Duration kContainerStart = milliseconds(570);

// linux.md section 7, crash loop: at once, then 10, 20, 40, 80, 160 and 300 s; ten minutes of
// running reset that.
RestartPolicy kubernetes() {
  Restart said;
  said.first_delay = Duration(0);
  said.delay = seconds(10);
  said.factor = 2;
  said.max_delay = seconds(300);
  said.reset_after = seconds(600);
  said.start = kContainerStart;
  return {"kubernetes", "kubelet of Kubernetes",
          "pkg/kubelet: crash loop back-off; the start: arXiv "
          "2602.15214, an image on an SSD",
          said};
}

// restartmanager/restartmanager.go of moby: defaultTimeout, backoffMultiplier, maxRestartTimeout,
// and the 10 s of ShouldRestart().
RestartPolicy docker() {
  Restart said;
  said.first_delay = milliseconds(100);
  said.delay = milliseconds(200);
  said.factor = 2;
  said.max_delay = seconds(60);
  said.reset_after = seconds(10);
  said.start = kContainerStart;
  return {
      "docker", "Docker's restart policies always and unless-stopped",
      "restartmanager/restartmanager.go of moby; the start: arXiv 2602.15214, an image on an SSD",
      said};
}

RestartPolicy systemd() {
  Restart said;
  said.first_delay = said.delay = said.max_delay = milliseconds(100);
  said.max_starts = 5;
  said.within = seconds(10);
  return {"systemd", "systemd 252 with Restart=always",
          "systemd.service(5), systemd.unit(5): RestartSec, StartLimitBurst, StartLimitIntervalSec",
          said};
}

// What a policy says, and what else is said instead of some of it.
template <class T>
void prefer(std::optional<T>& said, const std::optional<T>& policy) {
  if (!said) said = policy;
}

}  // namespace

const std::vector<RestartPolicy>& restart_policies() {
  static const std::vector<RestartPolicy> kPolicies = {kubernetes(), docker(), systemd()};
  return kPolicies;
}

RestartSpec compile_restart(const Restart& restart) {
  RestartSpec spec;
  Restart said = restart;
  const auto& policies = restart_policies();
  const auto policy =
      std::find_if(policies.begin(), policies.end(),
                   [&](const RestartPolicy& each) { return each.name == restart.preset; });
  spec.never = policy == policies.end();
  if (!spec.never) {
    prefer(said.first_delay, policy->said.first_delay);
    prefer(said.delay, policy->said.delay);
    prefer(said.factor, policy->said.factor);
    prefer(said.max_delay, policy->said.max_delay);
    prefer(said.reset_after, policy->said.reset_after);
    prefer(said.max_starts, policy->said.max_starts);
    prefer(said.within, policy->said.within);
    prefer(said.start, policy->said.start);
  }
  spec.first = said.first_delay.value_or(spec.first);
  spec.delay = said.delay.value_or(spec.delay);
  spec.factor = said.factor.value_or(spec.factor);
  spec.longest = said.max_delay.value_or(spec.longest);
  spec.reset_after = said.reset_after;
  spec.starts = static_cast<std::uint32_t>(said.max_starts.value_or(spec.starts));
  spec.within = said.within.value_or(spec.within);
  spec.start = said.start.value_or(spec.start);
  return spec;
}

}  // namespace cotenant
