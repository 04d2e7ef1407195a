// SPDX-License-Identifier: Apache-2.0
//
// Limits on the rate of calls: what a service with a bucket of tokens turns away, and how long
// callers need who ask again until they are let through. And credits of CPU.
#include <string>
#include <utility>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

Pieces limited_to(double rate, int depth, const Json& arrivals, const Json& call) {
  Pieces pieces;
  pieces.requests["job"] = request(arrivals, call);
  pieces.application["caller"] = free_loop();
  pieces.application["api"] = with_operation(
      {{"server", "external"}, {"rate_limit", {{"rate", rate_text(rate)}, {"burst", depth}}}},
      wait(constant_law(0)));
  pieces.machine = machine(1, "fluid");
  return pieces;
}

Parts policing(const Row& row) {
  const double rate = row.number("lambda");
  const Pieces pieces =
      limited_to(row.number("rate_tokens"), row.count("depth"), poisson(rate), call("api.serve"));
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.completions, rate), {}};
  part.estimator = of(Metric::error_ratio);
  return only(std::move(part));
}

// Callers ask again whenever there is a new token: one of them gets it.
Parts shaping(const Row& row) {
  constexpr const char* kFile = "arrivals.csv";
  const double rate = row.number("rate");
  const int burst = row.count("burst");
  Json patient = call("api.serve");
  patient["retries"] = {{"max", "unlimited"},
                        {"on", {"rejected_429"}},
                        {"backoff", {{"base", duration_text(1 / rate)}, {"factor", 1}}}};
  const Pieces pieces = limited_to(rate, row.count("depth"), replay(kFile, false), patient);
  const auto rows = [burst](int) {
    std::string text = "at\n";
    for (int i = 0; i < burst; ++i) text += "0\n";
    return text;
  };
  Part part;
  part.simulation.scenario = scenario(row.model, pieces);
  part.simulation.length = {2 * burst / rate, 0, 1, 1, 0};
  part.simulation.recordings = {{kFile, rows}};
  part.estimator = of(Metric::latency_max);
  return only(std::move(part));
}

constexpr double kHour = 3600;
constexpr double kCredit = 60;  // seconds of one vCPU
constexpr double kPeriod = 0.1;

// A quota of what is earned, with a bank of credits that is full.
struct Burstable {
  explicit Burstable(const Row& row)
      : vcpus(row.count("vcpus")),
        bank(row.number("max_credits") * kCredit),
        earned(row.number("earn_per_hour") * kCredit / kHour) {}

  int vcpus;
  double bank;    // seconds of CPU
  double earned;  // of these, in a second

  // Each of the vCPUs has one request, with so much CPU.
  Pieces busy(double cpu_each) const {
    Pieces pieces;
    pieces.requests["job"] = request(closed(vcpus, constant_law(0)), cpu(constant_law(cpu_each)));
    pieces.application["web"] = service(vcpus);
    pieces.machine = machine(vcpus, "fluid");
    const Json cpu_max = {
        {"quota", duration_text(earned * kPeriod)},
        {"period", duration_text(kPeriod)},
        {"phase", "0s"},
        {"bank", {{"most", duration_text(bank)}, {"initial", duration_text(bank)}}}};
    pieces.groups["instance"] = {{"cpu_max", cpu_max}};
    pieces.placements["web"] = {{"group", "instance"}};
    return pieces;
  }
};

// As long as the credits last a request that needs just that much CPU is served at full speed. And
// in that time and an hour no more CPU is used than there were credits, and have been earned.
Parts credits(const Row& row) {
  const Burstable instance(row);
  const double full_speed = row.values[0] * kHour;
  Part unhindered;
  unhindered.simulation.scenario = scenario(row.model, instance.busy(full_speed));
  unhindered.simulation.length = {full_speed + 1, 0, 1, 1, 0};
  unhindered.estimator = of(Metric::latency_max, kHour);
  unhindered.variant = "unhindered";
  const double whole = full_speed + kHour;
  Part spent;
  spent.simulation.scenario = scenario(row.model, instance.busy(2 * whole));
  spent.simulation.length = {whole, 0, 1, 1, 0};
  spent.estimator = each([=](const Report& report) {
    const double used = report.setups.front().machines.front().groups.front().usage;
    return Estimate{(used - instance.earned * whole) / (instance.vcpus - instance.earned) / kHour,
                    0};
  });
  spent.variant = "spent";
  Parts parts;
  parts.push_back(std::move(unhindered));
  parts.push_back(std::move(spent));
  return parts;
}

}  // namespace

Parts token_buckets(const Row& row) {
  if (row.model_starts("token-bucket policing")) return policing(row);
  if (row.model_starts("token-bucket shaping")) return shaping(row);
  if (row.model_starts("CPU credit bucket")) return credits(row);
  return {};
}

}  // namespace cotenant::oracle
