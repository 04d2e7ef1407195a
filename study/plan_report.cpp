// SPDX-License-Identifier: Apache-2.0
#include "study/plan_report.h"

#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "scenarios/computers.h"
#include "scenarios/on_plan.h"
#include "scenarios/replicas.h"

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

// How much of its virtual CPUs a plan has used: cores, and how many there are. A plan with credits
// is a virtual machine, of which each replica has one.
struct UsedCpu {
  double cores = 0, available = 0;
};

UsedCpu used_by(const SetupReport& report, const Setup& setup, const std::string& node) {
  const auto is_of_it = [&](const std::string& machine) {
    const std::size_t slash = machine.find('/');
    const std::string place = slash == std::string::npos ? "" : machine.substr(0, slash);
    if (!node.empty()) return place == node;
    return find_named(setup.nodes, place) == nullptr;  // itself, or a replica
  };
  UsedCpu used;
  if (!(report.observed > 0)) return used;
  for (const MachineCounters& machine : report.machines) {
    const bool is_guest =
        machine.name == kPlanGuest || machine.name.ends_with("/" + std::string(kPlanGuest));
    if (!is_guest || !is_of_it(machine.name) || machine.groups.empty()) continue;
    used.cores += machine.groups.front().usage / report.observed;
    used.available += machine.cores;
  }
  return used;
}

// CPU beyond the baseline is charged by the hour. What was saved before is left out: over a month
// of the same load it does not count.
void add_surplus(Price& price, const Plan& plan, const UsedCpu& used) {
  const auto* credits = std::get_if<CreditCpu>(&plan.cpu);
  if (credits == nullptr || !credits->unlimited || !credits->baseline) return;
  const double surplus = used.cores - *credits->baseline * used.available;
  if (surplus <= 0) return;
  if (!credits->surplus_price) {
    price.surplus_unknown = true;
    return;
  }
  const double cents = surplus * *credits->surplus_price * kHoursPerMonth * 100;
  const auto rounded = static_cast<std::int64_t>(std::floor(cents + 0.5));
  price.surplus_cents += rounded;
  price.cents_per_month += rounded;
}

// Of a plan; the date of its price only where the user said no other.
PlanReport plan_report(const std::string& name, const Plan& plan, bool price_is_said) {
  return {.name = name,
          .provider = plan.provider,
          .as_of = price_is_said ? "" : plan.as_of,
          .not_included = plan.not_included,
          .isolation = plan.isolation,
          .effort = plan.effort,
          .scaling = scaling_of(plan)};
}

}  // namespace

std::optional<Price> price_report(const Scenario& scenario, const Setup& setup,
                                  const SetupReport& report) {
  const std::optional<Money> money = price_of(scenario, setup);
  if (!money) return std::nullopt;
  Price price{.currency = money->currency, .cents_per_month = money->cents};
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    const Plan* plan = find_named(scenario.plans, hosting.plan);
    if (plan == nullptr) return;
    add_surplus(price, as_assumed(*plan, hosting.assume), used_by(report, setup, node));
  });
  const auto& rate = at(report.metrics, Metric::throughput).value;
  if (rate && *rate > 0) {
    const double requests_per_month = *rate * kHoursPerMonth * 3600;
    price.per_million_requests =
        static_cast<double>(price.cents_per_month) / 100 / requests_per_month * 1e6;
  }
  return price;
}

void add_plans(Report& report, const Scenario& said) {
  for (std::size_t s = 0; s < said.setups.size(); ++s) {
    const Setup& setup = said.setups[s].second;
    SetupReport& written = report.setups[s];
    written.replicas = static_cast<std::uint64_t>(setup.replicas);
    for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
      const Plan* plan = find_named(said.plans, hosting.plan);
      if (plan == nullptr) return;
      PlanReport bought = plan_report(hosting.plan, *plan, setup.price || hosting.price);
      if (!node.empty()) {
        written.node_plans.emplace_back(node, std::move(bought));
        return;
      }
      if (is_balanced(setup) && !setup.price && !(setup.balancer && setup.balancer->price)) {
        bought.not_included.push_back("the load balancer");
      }
      written.plan = std::move(bought);
    });
  }
}

bool tells_of_kills(const Scenario& scenario, const Setup& setup) {
  const Plan* plan = find_named(scenario.plans, setup.plan);
  return plan == nullptr || plan->kind != "shared";
}

}  // namespace cotenant
