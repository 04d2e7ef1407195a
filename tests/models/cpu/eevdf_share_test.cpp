// SPDX-License-Identifier: Apache-2.0
//
// Towards the ideal: with ever shorter slices and ticks the EEVDF scheduler's shares and finishes
// approach those of fluid fair sharing, in nested groups of various weights, with arrivals and
// departures on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/cpu/eevdf.h"
#include "models/cpu/fluid.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {
namespace {

struct Mix {
  Host host{1};
  std::vector<TaskId> tasks;
  std::vector<CpuTime> works;

  explicit Mix(Duration grain) {
    KernelParameters& kernel = host.topology.kernel;
    kernel.tick = grain;
    kernel.base_slice = grain;
    kernel.switch_cost = Duration(0);
    kernel.idle_wake = IdleWake::none();
    const GroupId heavy = host.group(kRootGroup, 3072);
    const GroupId light = host.group(kRootGroup, 1024);
    const GroupId inner = host.group(heavy, 512);
    add(heavy, 1024, 40);
    add(heavy, 335, 30);
    add(inner, 1024, 20);
    add(light, 1024, 25);
    add(light, 1024, 35);
    add(kRootGroup, 2048, 50);
  }
  void add(GroupId group, std::int64_t weight, std::int64_t work_ms) {
    tasks.push_back(host.task(group, weight));
    works.push_back(cpu_ms(work_ms));
  }
};

template <class S>
std::vector<std::int64_t> finishes(S& scheduler, const Mix& mix) {
  for (std::size_t i = 0; i < mix.tasks.size(); ++i) {
    // They come one after another, so that shares change while others run.
    run_until(scheduler, at_ms(static_cast<std::int64_t>(i)));
    scheduler.demand(mix.tasks[i], mix.works[i], at_ms(static_cast<std::int64_t>(i)));
  }
  const auto done = run_until(scheduler, at_ms(1'000));
  std::vector<std::int64_t> at;
  for (const TaskId task : mix.tasks) at.push_back(finish_of(done, task));
  return at;
}

// Largest difference of a finish, in ms.
double distance_to_fluid(Duration grain) {
  const Mix mix(grain);
  EevdfScheduler scheduler(mix.host.topology, mix.host.phases);
  FluidScheduler ideal(mix.host.topology, mix.host.phases);
  const auto real = finishes(scheduler, mix);
  const auto fluid = finishes(ideal, mix);
  double worst = 0;
  for (std::size_t i = 0; i < real.size(); ++i) {
    EXPECT_GT(real[i], 0);
    worst = std::max(worst, std::abs(static_cast<double>(real[i] - fluid[i])) / 1e6);
  }
  return worst;
}

TEST(EevdfShare, ConvergesToTheFluidShareAsSliceAndTickShrink) {
  // EEVDF keeps the lag of each entity within a slice, so with G levels a finish is off by some
  // slices at most. 200 ms of work; the grain shrinks a hundredfold and the error with it.
  EXPECT_LT(distance_to_fluid(milliseconds(4)), 24);
  EXPECT_LT(distance_to_fluid(microseconds(400)), 2.4);
  EXPECT_LT(distance_to_fluid(microseconds(40)), 0.24);
}

TEST(EevdfShare, QuotaConvergesToTheFluidQuotaAsTheGrainShrinks) {
  // 90 ms under 20/100 with phase 30 ms: 20 until 20, 20 from 30 to 50, 20 each from 130 and 230,
  // and 10 from 330: 340 ms. With a 4 ms tick it is up to a tick per period off.
  for (const auto& [grain, limit] : {std::pair{4'000, 12.0}, {400, 1.2}, {40, 0.12}}) {
    Host host(1);
    KernelParameters& kernel = host.topology.kernel;
    kernel.tick = microseconds(grain);
    kernel.bandwidth_slice = microseconds(grain);
    kernel.kept_runtime = Duration(0);
    kernel.idle_wake = IdleWake::none();
    const GroupId group = host.limited_group(
        kRootGroup, 1024, {cpu_ms(20), milliseconds(100), CpuTime(0)}, milliseconds(30));
    const TaskId task = host.task(group);
    EevdfScheduler scheduler(host.topology, host.phases);
    scheduler.demand(task, cpu_ms(90), at_ms(0));
    const auto at = finish_of(run_until(scheduler, at_ms(1'000)), task);
    EXPECT_NEAR(static_cast<double>(at) / 1e6, 340, limit) << grain;
  }
}

}  // namespace
}  // namespace cotenant::cpu_test
