// SPDX-License-Identifier: Apache-2.0
//
// Closed forms of what contention does to mean responses, and their inversions: where a fit by
// simulation begins. Cores are shared evenly, each request can use one of them, arrivals are
// Poisson. Times are in seconds.
#pragma once

#include <functional>

namespace cotenant {

// Mean response / mean CPU demand at a utilization of the cores below 1: that of M/M/c, whatever
// the law of demands is (M/G/c processor sharing is insensitive).
double sharing_factor(int cores, double utilization);

// The CPU demand behind a mean response, of which `elsewhere` is spent without the CPU; 0 if it is
// not longer than that.
double demand_from_response(double response, double elsewhere, double rate, int cores);

// A single thread that needs `cpu` under a quota, which is full when it comes; the rest of the
// machine is idle, and the phase of the period is uniform.
struct QuotaResponse {
  double mean = 0, shortest = 0, longest = 0;
  double longest_probability = 0;
};
QuotaResponse quota_response(double cpu, double quota, double period);
// The CPU time whose mean response that is.
double cpu_from_quota_response(double mean_response, double quota, double period);

// Synchronous workers, each of which computes and then waits (exponential times), before a queue
// without end.
struct PoolLoad {
  double rate = 1;
  int workers = 1, cores = 1;
  double cpu = 0, wait = 0;  // means
};
struct PoolWaiting {
  bool stable = false;   // else nothing below is meant
  double mean_wait = 0;  // for a worker
  double mean_response = 0;
  double all_busy = 0;  // the probability to find no idle worker
};
PoolWaiting pool_waiting(const PoolLoad& load);

// Where an increasing function takes a value, between two bounds; the nearer bound if it does not.
double invert_increasing(const std::function<double(double)>& function, double value, double low,
                         double high);

}  // namespace cotenant
