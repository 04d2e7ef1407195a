// SPDX-License-Identifier: Apache-2.0
//
// Arrivals that no source of the format makes, written to a recording and replayed: Erlang-2 gaps.
// Each study has a recording of its own, since a replay is the same in all replications. One model
// time unit is one second.
#include <fmt/format.h>

#include <cmath>
#include <random>
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr const char* kFile = "arrivals.csv";

// Seeded by the study and drawn with no library distribution: the same everywhere.
class Gaps {
 public:
  explicit Gaps(int study) : bits_(static_cast<std::uint64_t>(study) + 1) {}
  double exponential(double mean) {
    const double u = static_cast<double>((bits_() >> 11) + 1) * 0x1p-53;  // in (0, 1]
    return -std::log(u) * mean;
  }

 private:
  std::mt19937_64 bits_;
};

std::string nanoseconds(double seconds) { return std::to_string(std::llround(seconds * 1e9)); }

std::string erlang_arrivals(int study, double rate, long rows) {
  Gaps gaps(study);
  std::string text = "at\n";
  double at = 0;
  for (long i = 0; i < rows; ++i) {
    at += gaps.exponential(0.5 / rate) + gaps.exponential(0.5 / rate);
    text += nanoseconds(at) + "\n";
  }
  return text;
}

// A tenth more rows than the mean number of arrivals: the recording does not end before the run.
long rows_for(const Length& length, double rate) {
  return std::lround(1.1 * length.duration * rate);
}

Parts erlang_gaps(const Row& row) {
  const double rate = row.number("lambda");
  Pieces pieces;
  pieces.requests["job"] =
      request(replay(kFile, false), cpu(exponential_law(1 / row.number("mu"))));
  pieces.application["queue"] = service(1);
  pieces.machine = machine(1, "fifo");
  const Length length = steady_in_studies(row.completions, rate);
  const long rows = rows_for(length, rate);
  const Recording recording{kFile, [=](int study) { return erlang_arrivals(study, rate, rows); }};
  const Estimator estimator =
      row.metric == "mean wait" ? mean_wait(1) : of(quantile_metric(row.metric));
  return only({{scenario(row.model, pieces), length, {recording}}, estimator, ""});
}

}  // namespace

Parts recorded_arrivals(const Row& row) {
  if (row.model == "E2/M/1") return erlang_gaps(row);
  return {};
}

}  // namespace cotenant::oracle
