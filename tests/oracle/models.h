// SPDX-License-Identifier: Apache-2.0
//
// The families of models. Each takes a row and gives the parts that check it, or nothing when the
// row is not of that family. A new row of a known model is covered without a change here.
#pragma once

#include <vector>

#include "tests/oracle/row.h"
#include "tests/oracle/simulation.h"

namespace cotenant::oracle {

Parts single_station(const Row& row);     // FCFS queues, M/G/c/c and M/M/c/K, feedback
Parts ensembles(const Row& row);          // transients, variance constants, run lengths
Parts recorded_arrivals(const Row& row);  // renewal arrivals that need a recording
Parts sharing(const Row& row);            // processor sharing, plain, weighted, with neighbors
Parts priorities(const Row& row);         // preemption and interruptions, by extreme weights
Parts tasks(const Row& row);              // priorities and patience, of tasks of a Celery
Parts polling(const Row& row);            // servers that visit queues, or take vacations
Parts worker_pools(const Row& row);       // sync pools, event loop, infinite servers
Parts closed_sources(const Row& row);     // repairman, Engset
Parts closed_networks(const Row& row);    // users of a CPU and a disk
Parts balancing(const Row& row);          // two servers behind nginx
Parts token_buckets(const Row& row);      // limits on the rate of calls
Parts retries(const Row& row);            // clients who try again
Parts networks(const Row& row);           // services that call each other
Parts lone_quota(const Row& row);         // one job under cpu.max
Parts open_quota(const Row& row);         // Poisson arrivals under cpu.max
Parts by_hand(const Row& row);            // deterministic cases, each described in prose

// Those of the first family that knows the row.
Parts parts_of(const Row& row);

// A list of one part.
Parts only(Part part);

// Length for this many completions at this rate, a tenth more for the warm-up.
Length steady(double completions, double rate);

// The same in 40 studies of one replication, for what reports have no interval of: the spread over
// the studies is the error.
Length steady_in_studies(double completions, double rate);

}  // namespace cotenant::oracle
