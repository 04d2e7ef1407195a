// SPDX-License-Identifier: Apache-2.0
//
// Which features the random scenario of a seed has: swarm testing, because scenarios that have a
// bit of everything seldom have much of anything (Groce et al., ISSTA 2012).
#pragma once

#include "tests/support/die.h"

namespace cotenant {

// What a seed may use. Each feature is there in about two thirds of the seeds.
struct Swarm {
  explicit Swarm(Die& die) {
    for (bool* feature : {&random_arrivals,
                          &modulated,
                          &profiles,
                          &replay,
                          &closed,
                          &batches,
                          &own_arrivals,
                          &many_classes,
                          &many_services,
                          &random_demands,
                          &exotic_laws,
                          &zero_demands,
                          &waits,
                          &many_workers,
                          &many_cores,
                          &fifo,
                          &linux,
                          &kernels,
                          &cpusets,
                          &policies,
                          &neighbors,
                          &guests,
                          &groups,
                          &quotas,
                          &weights,
                          &server_cpu,
                          &overrides,
                          &herd,
                          &concurrency_limits,
                          &tiny_backlogs,
                          &timeouts,
                          &overload,
                          &two_setups,
                          &threads,
                          &free_threading,
                          &retries,
                          &errors,
                          &restarts,
                          &event_loops,
                          &blocking,
                          &calls,
                          &proxies,
                          &backends,
                          &keep_alive,
                          &followers,
                          &schedules,
                          &tasks,
                          &sessions,
                          &slow_clients}) {
      *feature = die.chance(0.65);
    }
  }
  bool random_arrivals, modulated, profiles, replay, closed, batches, own_arrivals;
  bool many_classes, many_services, random_demands, exotic_laws, zero_demands, waits;
  bool many_workers, many_cores, groups, quotas, weights, server_cpu, overrides, herd;
  bool fifo, linux, kernels, cpusets, policies, neighbors, guests;
  bool concurrency_limits, tiny_backlogs, timeouts, overload, two_setups;
  bool threads, free_threading;
  bool retries, errors, restarts, event_loops, blocking, calls, proxies, backends, keep_alive;
  bool followers, schedules, tasks, sessions, slow_clients;
};

}  // namespace cotenant
