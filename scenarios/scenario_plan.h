// SPDX-License-Identifier: Apache-2.0
//
// What a provider sells: a hosting plan, as its catalog describes it. A part of
// scenarios/scenario.h, which says what holds for all of it. scenarios/on_plan.h makes a machine of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/scenario_disk.h"
#include "sim/base/units.h"

namespace cotenant {

struct Money {
  std::string currency = "$";
  std::int64_t cents = 0;
  friend bool operator==(const Money&, const Money&) = default;
};  // per month

// How the CPU of a plan is shared.
struct DedicatedCpu {
  friend bool operator==(const DedicatedCpu&, const DedicatedCpu&) = default;
};
struct SharedCpu {
  friend bool operator==(const SharedCpu&, const SharedCpu&) = default;
};
struct QuotaCpu {
  Duration period = milliseconds(100);
  friend bool operator==(const QuotaCpu&, const QuotaCpu&) = default;
};
struct CreditCpu {
  std::optional<double> baseline;       // of each vCPU; nullopt: not published
  std::optional<CpuTime> most;          // of credits; nullopt: not published
  CpuTime initial;                      // of credits
  Duration period = milliseconds(100);  // in which it may use what it earns
  bool unlimited = false;               // beyond its credits it pays instead of being slowed down
  std::optional<double> surplus_price;  // of a vCPU for an hour, in the currency of the price
  friend bool operator==(const CreditCpu&, const CreditCpu&) = default;
};
using PlanCpu = std::variant<DedicatedCpu, SharedCpu, QuotaCpu, CreditCpu>;

// Of an account on a shared host, or of an application on a platform; nullopt: no limit.
struct PlanLimits {
  std::optional<std::int64_t> entry_processes;  // requests at a time; more are answered 508
  std::optional<std::int64_t> processes;        // threads included
  std::optional<std::int64_t> workers;          // web workers that the plan runs
  std::optional<LinkSpeed> io;                  // read, and written
  std::optional<std::int64_t> iops;             // of reads, and of writes
  friend bool operator==(const PlanLimits&, const PlanLimits&) = default;
};

// What a platform does with a service that nobody asks for.
struct IdleStop {
  Duration after;                      // since the last request
  Duration start = milliseconds(570);  // until its first process begins to boot
  friend bool operator==(const IdleStop&, const IdleStop&) = default;
};

// Before all that a platform runs.
struct Router {
  Duration timeout;
  std::int64_t status = 503;
  friend bool operator==(const Router&, const Router&) = default;
};

struct Plan {
  std::string provider;
  std::string kind;  // shared, vps, container, paas or dedicated
  std::optional<Money> price;
  std::vector<std::string> not_included;  // in the price
  std::string as_of;                      // a date: 2026-05-27, 2026-05 or unknown
  std::string source;
  std::string confidence;       // high, medium or low
  std::optional<double> vcpus;  // nullopt: not published
  PlanCpu cpu;
  Bytes memory;
  std::optional<Bytes> storage;
  std::optional<Disk> disk;
  std::optional<LinkSpeed> network;
  PlanLimits limits;
  std::optional<IdleStop> idle_stop;
  std::optional<Router> router;
  std::vector<std::string> supports;
  std::string isolation;
  std::string effort;
  std::string notes;
  friend bool operator==(const Plan&, const Plan&) = default;
};

// What the user takes for granted where a plan does not say it, or instead of it.
struct PlanAssumptions {
  std::optional<double> vcpus;
  std::optional<double> baseline;
  std::optional<CpuTime> credits;  // at most
  friend bool operator==(const PlanAssumptions&, const PlanAssumptions&) = default;
};

}  // namespace cotenant
