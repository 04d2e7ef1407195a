// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_prices.h"

#include <fmt/format.h>

#include <utility>

#include "study/writers/display.h"
#include "study/writers/price_age.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// "EBS storage (t3, m7i), VAT (hetzner)": texts in the order of their first setup.
class Grouped {
 public:
  void add(const std::string& text, const std::string& setup) {
    for (auto& [known, setups] : groups_) {
      if (known != text) continue;
      if (setups.back() != printable(setup)) setups.push_back(printable(setup));
      return;
    }
    groups_.push_back({text, {printable(setup)}});
  }
  bool empty() const { return groups_.empty(); }
  std::string text() const {
    std::string all;
    for (const auto& [text, setups] : groups_) {
      all += all.empty() ? "" : "; ";
      all += fmt::format("{} ({})", printable(text), fmt::join(setups, ", "));
    }
    return all;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
};

// Of the setup itself, and of its nodes.
std::vector<const PlanReport*> plans_of(const SetupReport& setup) {
  std::vector<const PlanReport*> plans;
  if (setup.plan) plans.push_back(&*setup.plan);
  for (const auto& [node, plan] : setup.node_plans) plans.push_back(&plan);
  return plans;
}

}  // namespace

std::vector<std::string> price_notes(const Report& report, std::optional<std::int64_t> today) {
  Grouped left_out, dates, old, unknown, several, surplus;
  for (const SetupReport& setup : report.setups) {
    if (setup.price && setup.replicas > 1) {
      several.add(fmt::format("{} replicas", setup.replicas), setup.name);
    }
    if (setup.price && setup.price->surplus_cents > 0) {
      const auto amount = static_cast<double>(setup.price->surplus_cents) / 100;
      surplus.add(money(setup.price->currency, amount), setup.name);
    }
    if (setup.price && setup.price->surplus_unknown) {
      unknown.add("CPU beyond its baseline costs extra, and no price was found", setup.name);
    }
    for (const PlanReport* plan : plans_of(setup)) {
      for (const std::string& part : plan->not_included) left_out.add(part, setup.name);
      if (!setup.price) {
        unknown.add("no price was found", setup.name);
      } else if (!plan->as_of.empty()) {
        const bool is_of_old = today && is_old(plan->as_of, *today);
        (is_of_old ? old : dates).add(plan->as_of, setup.name);
      }
    }
  }
  std::vector<std::string> lines;
  if (!several.empty()) lines.push_back("Prices are those of " + several.text() + ".");
  if (!left_out.empty()) lines.push_back("Not in these totals: " + left_out.text() + ".");
  if (!surplus.empty()) {
    lines.push_back("In these prices for CPU beyond the baseline, if this load lasts all month: " +
                    surplus.text() + ".");
  }
  if (!dates.empty()) lines.push_back("Prices as of " + dates.text() + ".");
  if (!old.empty()) {
    lines.push_back("Prices older than " + std::to_string(kOldPriceDays) +
                    " days, or of unknown age: " + old.text() + ". Check them before you buy.");
  }
  if (!unknown.empty()) lines.push_back("Never called cheapest: " + unknown.text() + ".");
  return lines;
}

}  // namespace cotenant
