// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/cases.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "tests/oracle/models.h"

namespace cotenant::oracle {
namespace {

// Simulations with equal keys are one.
std::string key_of(const Simulation& simulation) {
  const Length& length = simulation.length;
  std::string key = simulation.scenario.dump() + std::to_string(length.replications) + "/" +
                    std::to_string(length.studies);
  if (length.completions == 0) {
    key += "/" + std::to_string(length.duration) + "/" + std::to_string(length.warmup);
  }
  return key;
}

std::string test_name(const std::string& id, const std::string& variant) {
  std::string name = variant.empty() ? id : id + "_" + variant;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class Arrangement {
 public:
  void add(const Row& row) {
    const Parts parts = parts_of(row);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const double expected = row.values.size() > 1 ? row.values.at(i) : row.values.front();
      add(row, expected, parts[i]);
    }
  }

  std::vector<Case> cases() && { return std::move(cases_); }

 private:
  void add(const Row& row, double expected, const Part& part) {
    const auto [at, is_new] = by_key_.try_emplace(key_of(part.simulation), cases_.size());
    if (is_new) cases_.push_back({test_name(row.id, part.variant), part.simulation, {}});
    Case& of = cases_[at->second];
    if (part.simulation.length.completions > of.simulation.length.completions) {
      of.simulation.length = part.simulation.length;
    }
    of.checks.push_back({row, expected, part.estimator});
  }

  std::vector<Case> cases_;
  std::map<std::string, std::size_t> by_key_;
};

std::vector<Case> arrange(const std::vector<Row>& rows) {
  Arrangement arrangement;
  for (const Row& row : rows) arrangement.add(row);
  return std::move(arrangement).cases();
}

// The lengths that rows recommend are lower bounds: some of their percentiles need more.
constexpr double kLeastCompletions = 10e6;

// Of every kind of model some rows that are precise after this many completions.
constexpr double kQuickCompletions = 1.6e6;
constexpr double kQuickReplications = 30e3;
constexpr const char* kQuickRows[] = {
    // Queues, loss, arrivals
    "mm1-50-R",
    "mm1-50-varR",
    "mm1-50-Rp95",
    "mm1-80-R",
    "mm1-80-Wp99",
    "mm1-80-PN10",
    "mm1-80-EN-t1",
    "mg1-uni-W",
    "mg1-erl4-Rp95",
    "gim1-D-W",
    "md1-80-W1",
    "mmc-4-R",
    "mmc-4-PW",
    "mdc-2-PW",
    "mgcc-5-B",
    "mmck-4-20-block",
    "mmck-4-20-R",
    "token-1-10",
    "batch-fix-R",
    "feedback-R",
    "rand2-R",
    "repair-10-10-1-X",
    "repair-10-10-1-R",
    "engset-20-5-call",
    "engset-20-5-time",
    "token-burst",
    // Sharing
    "mm1ps-80-Rp95",
    "mg1ps-R-lognormal",
    "mg1ps-R-deterministic",
    "mg1ps-cond-1",
    "mmcps-4-Rp5",
    "mmcps-4-Rp95",
    "mgcps-2-R",
    "dps-1-T1",
    "dps-1-T2",
    "noisy-task-w3",
    "noisy-group-0.5",
    "prio-pr-mix-T1",
    "prio-pr-mix-T2",
    "prio-np-exp-W1",
    "prio-np-mix-W2",
    "onoff-a-R",
    // Workers
    "pool-a-R",
    "pool-a-Wq",
    "pool-a-Pq",
    "pool-cap-4-2-08",
    "async-loop-R",
    "mginf-L",
    "mginf-t",
    // Clients
    "retry-amp-0.1-3",
    "retry-amp-1-4",
    "retry-load-560",
    "retrial-0.5-1",
    "vac-W",
    "poll-exh",
    "poll-gat",
    "erla-10-10-Pab",
    "erla-10-10-PW",
    "erla-1_2-1-W",
    // Networks
    "closed-10-X",
    "closed-10-R",
    "closed-Nstar",
    "closed2-X1",
    "jsq2-R",
    "tandem3-R",
    "tandem3-p95",
    "jackson2-R",
    "fj2-5",
    "fanout-splitmerge-2",
    "hedge-exp-mean",
    "retry-layers-64",
    // Limits
    "quota-50-20-100-mean",
    "quota-50-20-100-p50",
    "quota-50-20-100-p95",
    "quota-50-20-100-max",
    "quota-50-20-100-min",
    "quota-50-20-100-Pmax",
    "quota-50-20-100-throttled-periods-max",
    "quota-7-2.5-10-mean",
    "quota-7-2.5-10-max",
    "quota-7-2.5-10-min",
    "quota-indeed-440",
    "quota-par-4-80-50-100-max",
    "quota-sat-thr",
    "quota-burst",
    "quota-burst-2",
    "quota-2jobs",
    "quota-2jobs-2cores",
    "quota-2groups",
    "quota-over",
    "qo-e-mean",
    "qo-e-p50",
    "qo-e-pthr",
    // By hand
    "ps-two-jobs",
    "ps-weights",
    "ps-weights-neg",
    "wf-3on2",
    "wf-4on3",
    "group-2",
    "group-nested",
    "little-1",
    "util-law",
    "oom-time",
};

bool is_quick(const Row& row) {
  return std::find(std::begin(kQuickRows), std::end(kQuickRows), row.id) != std::end(kQuickRows);
}

}  // namespace

std::vector<Row> all_rows() {
  return read_rows(std::string(COTENANT_SOURCE_DIR) + "/validation/data/oracles.json");
}

std::vector<Case> all_cases() {
  std::vector<Row> rows = all_rows();
  for (Row& row : rows) row.completions = std::max(row.completions, kLeastCompletions);
  return arrange(rows);
}

std::vector<Case> quick_cases() {
  std::vector<Row> rows;
  for (Row& row : all_rows()) {
    if (!is_quick(row)) continue;
    row.completions = std::min(row.completions, kQuickCompletions);
    row.replications = std::min(row.replications, kQuickReplications);
    rows.push_back(std::move(row));
  }
  return arrange(rows);
}

}  // namespace cotenant::oracle
