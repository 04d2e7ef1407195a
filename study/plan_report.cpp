// SPDX-License-Identifier: Apache-2.0
#include "study/plan_report.h"

#include <cmath>
#include <string>
#include <variant>

#include "scenarios/on_plan.h"

namespace cotenant {
namespace {

constexpr double kHoursPerMonth = 730;  // as hosting providers count it

// How a customer gets more, or less, of it. Assumed of each kind, as its providers advertise it.
std::string scaling_of(const Plan& plan) {
  if (plan.kind == "shared") return "none but another plan; workers are the host's choice";
  if (plan.kind == "container") return "size and number of containers, in seconds to minutes";
  if (plan.kind == "paas") return "number and size of instances, in seconds to minutes";
  if (plan.kind == "dedicated") return "another computer, in hours to days";
  return "another size, with a restart; more machines by hand or by a script";
}

// CPU beyond the baseline is charged by the hour. What was saved before is left out: over a month
// of the same load it does not count.
void add_surplus(Price& price, const Scenario& scenario, const Setup& setup,
                 const Metrics& metrics) {
  const Plan* plan = find_named(scenario.plans, setup.plan);
  const auto& used = at(metrics, Metric::cpu_utilization).value;
  if (plan == nullptr || !used) return;
  const Plan assumed = as_assumed(*plan, setup.assume);
  const auto* credits = std::get_if<CreditCpu>(&assumed.cpu);
  if (credits == nullptr || !credits->unlimited || !credits->baseline || !assumed.vcpus) return;
  const double surplus = (*used - *credits->baseline) * std::ceil(*assumed.vcpus);  // vCPUs
  if (surplus <= 0) return;
  price.surplus_unknown = !credits->surplus_price;
  if (price.surplus_unknown) return;
  const double cents = surplus * *credits->surplus_price * kHoursPerMonth * 100;
  price.surplus_cents = static_cast<std::int64_t>(std::floor(cents + 0.5));
  price.cents_per_month += price.surplus_cents;
}

}  // namespace

std::optional<Price> price_report(const Scenario& scenario, const Setup& setup,
                                  const Metrics& metrics) {
  const std::optional<Money> money = price_of(scenario, setup);
  if (!money) return std::nullopt;
  Price price{.currency = money->currency, .cents_per_month = money->cents};
  add_surplus(price, scenario, setup, metrics);
  const MetricValue& rate = at(metrics, Metric::throughput);
  if (rate.value && *rate.value > 0) {
    const double requests_per_month = *rate.value * kHoursPerMonth * 3600;
    price.per_million_requests =
        static_cast<double>(price.cents_per_month) / 100 / requests_per_month * 1e6;
  }
  return price;
}

void add_plans(Report& report, const Scenario& said) {
  for (std::size_t s = 0; s < said.setups.size(); ++s) {
    const Setup& setup = said.setups[s].second;
    const Plan* plan = find_named(said.plans, setup.plan);
    if (plan == nullptr) continue;
    report.setups[s].plan = PlanReport{.name = setup.plan,
                                       .provider = plan->provider,
                                       .as_of = setup.price ? "" : plan->as_of,
                                       .not_included = plan->not_included,
                                       .isolation = plan->isolation,
                                       .effort = plan->effort,
                                       .scaling = scaling_of(*plan)};
  }
}

bool tells_of_kills(const Scenario& scenario, const Setup& setup) {
  const Plan* plan = find_named(scenario.plans, setup.plan);
  return plan == nullptr || plan->kind != "shared";
}

}  // namespace cotenant
