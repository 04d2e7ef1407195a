// SPDX-License-Identifier: Apache-2.0
//
// See the header. Lengths: 20 replications of 10,000 requests at a load of 0.8 cover, 20 of 50,000
// in all at 0.5 do, in this project's own measurements with textbook code; run lengths for a
// precision grow with 1 / (1 - load)^2 and with the variance of the service times (Whitt, "Planning
// queueing simulations", Management Science 35, 1989).
#include "tests/coverage/cases.h"

#include "tests/oracle/scenario_parts.h"

namespace cotenant::coverage {
namespace {

constexpr int kStudies = 2000;

Gates coverage_of(const System& system, double requests) {
  const Length length{duration_for(system, requests), 20, "auto", 0};
  return all_coverage(system, studies(scenario_text(system, length), kStudies));
}

Gates load_50() { return coverage_of(mm1(0.5), 2500); }
Gates load_80() { return coverage_of(mm1(0.8), 10000); }
Gates hyperexponential() { return coverage_of(mh21(), 10000); }
Gates closed_network() { return coverage_of(repairman(), 2500); }

// Widths, not only coverage: the intervals of the mean number in system must be as wide as theory
// says, so that coverage is not bought with width.
Gate width(const System& system, double requests, const std::string& row) {
  const Length length{duration_for(system, requests), 20, "auto", 0};
  const auto reports = studies(scenario_text(system, length), kStudies / 4);
  Gate gate;
  gate.what = "variance constant of concurrency from the widths, as a part of " + row;
  gate.measured = variance_constant(reports, Metric::concurrency) / oracle(row);
  gate.low = 0.9;
  gate.high = 1.1;
  return gate;
}

// Replications long enough that what the constant neglects, some relaxation times, is small.
Gates widths() {
  return {width(mm1(0.5), 5000, "mm1-50-asymvarL"), width(mm1(0.8), 20000, "mm1-80-asymvarL")};
}

double relative_bias(const System& system, const Length& length) {
  const auto reports = studies(scenario_text(system, length), kStudies);
  const double truth = system.means.front().value;
  return moments(values_of(reports, Metric::latency_mean)).mean / truth - 1;
}

// From empty. Replications are so short that the start shows: 90 s, the relaxation time of this
// queue, are a good part of 2,500 s. The seeds are the same with and without removal, so that the
// noise of the two, 0.1 %, hardly counts in their difference.
Gates warmup_bias() {
  const System system = mm1(0.8);
  Length length{duration_for(system, 2000), 20, "auto", 0};
  Gate cut{"bias of latency_mean after the warm-up found by MSER-5", 0, -0.01, 0.01, true};
  cut.measured = relative_bias(system, length);
  length.warmup = "0s";
  Gate uncut{"the same with nothing removed"};
  uncut.percent = true;
  uncut.measured = relative_bias(system, length);
  Gate gained{"what the removal gains", cut.measured - uncut.measured};
  gained.percent = true;
  gained.low = 0.001;
  return {cut, uncut, gained};
}

// Two systems in the same traffic with the same demands but for a factor.
Gates common_random_numbers() {
  const System slow = mm1(0.8, 1), fast = mm1(0.8, 1.05);
  const double duration = duration_for(slow, 10000);
  const Length length{duration, 10, oracle::duration_text(duration / 10), 0};
  const auto latencies = [&](const System& system, std::uint64_t first_seed) {
    return values_of(studies(scenario_text(system, length), kStudies, first_seed),
                     Metric::latency_mean);
  };
  const std::vector<double> slow_ones = latencies(slow, 1), fast_ones = latencies(fast, 1),
                            others = latencies(fast, 1 + kStudies);
  std::vector<double> paired, independent;
  for (std::size_t i = 0; i < slow_ones.size(); ++i) {
    paired.push_back(slow_ones[i] - fast_ones[i]);
    independent.push_back(slow_ones[i] - others[i]);
  }
  const double truth = oracle("crn-var");
  const Moments difference = moments(paired);
  Gate centered{"paired difference of latency_mean, true value 1", difference.mean};
  centered.low = truth - 0.01;
  centered.high = truth + 0.01;
  Gate reduction{"variance of independent over that of paired differences",
                 moments(independent).variance / difference.variance};
  reduction.low = 5;
  return {centered, reduction};
}

// Ten replications to begin with are too few for the precision, so that the rule has to decide.
Gates sequential(const System& system, double requests) {
  const Length length{duration_for(system, requests), 10, "auto", 0.05};
  const auto reports = studies(scenario_text(system, length), kStudies);
  Gates gates;
  for (const Truth& truth : {system.means.front(), system.percentiles.front()}) {
    gates.push_back(percentile_coverage(reports, truth));
  }
  Gate stopped{"replications when it stopped, on average"};
  for (const Report& report : reports) {
    stopped.measured += static_cast<double>(report.provenance.replications) / kStudies;
  }
  stopped.low = 11;
  gates.push_back(stopped);
  return gates;
}

Gates sequential_50() { return sequential(mm1(0.5), 1000); }
Gates sequential_80() { return sequential(mm1(0.8), 5000); }

}  // namespace

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = {
      {"load_50", "M/M/1, load 0.5, 20 replications of 2,500 requests", load_50},
      {"load_80", "M/M/1, load 0.8, 20 of 10,000", load_80},
      {"hyperexponential", "M/H2/1, load 0.7, squared cv 4, 20 of 10,000", hyperexponential},
      {"closed_network", "10 users of one core, load 0.98, 20 of 2,500", closed_network},
      {"widths", "M/M/1, 20 of 5,000 (load 0.5) and 20,000 (0.8)", widths},
      {"warmup_bias", "M/M/1, load 0.8, from empty, 20 of 2,000", warmup_bias},
      {"common_random_numbers", "M/M/1, load 0.8, service rates 1 and 1.05", common_random_numbers},
      {"sequential_50", "M/M/1, load 0.5, precision 0.05, replications of 1,000", sequential_50},
      {"sequential_80", "M/M/1, load 0.8, precision 0.05, replications of 5,000", sequential_80},
  };
  return cases;
}

}  // namespace cotenant::coverage
