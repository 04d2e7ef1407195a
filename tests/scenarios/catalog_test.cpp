// SPDX-License-Identifier: Apache-2.0
//
// Catalogs of plans: those that ship, and those of users.
#include "scenarios/catalog.h"

#include <gtest/gtest.h>

#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

std::string plan_text(const std::string& name, const std::string& price) {
  return R"("plans": { ")" + name + R"(": { "provider": "Somebody", "kind": "vps", "price": ")" +
         price +
         R"(", "as_of": "2026-05", "source": "a letter", "confidence": "low", "vcpus": 2,
             "cpu": { "kind": "shared" }, "memory": "2GiB", "supports": ["wsgi"] } })";
}

std::string catalog_text(const std::string& name, const std::string& price) {
  return R"({ "format": 1, )" + plan_text(name, price) + " }";
}

TEST(Catalog, ThatShipsIsWrittenInCanonicalForm) {
  const std::string folder = "scenarios/catalog";
  std::size_t plans = 0;
  for (const std::string& name : test::list_sources(folder, ".json")) {
    const std::string text = test::read_source(folder + "/" + name);
    const Checked<Catalog> catalog = decode_catalog(text);
    ASSERT_TRUE(catalog.ok()) << render(catalog.diagnostics(), name);
    EXPECT_EQ(encode(*catalog), text) << name;
    EXPECT_EQ(*decode_catalog(encode(*catalog)), *catalog) << name;
    plans += catalog->plans.size();
  }
  EXPECT_EQ(shipped_catalog().plans.size(), plans);  // no name stands twice
  EXPECT_GE(plans, 55u);
}

// Whatever a provider does not publish is assumed; then every plan can be bought.
TEST(Catalog, OfPlansThatAllCompile) {
  for (const auto& [name, plan] : shipped_catalog().plans) {
    std::string assume;
    if (!plan.vcpus) assume += R"("vcpus": 0.5)";
    if (const auto* credits = std::get_if<CreditCpu>(&plan.cpu)) {
      const auto add = [&](const char* text) {
        assume += (assume.empty() ? "" : ", ") + std::string(text);
      };
      if (!credits->baseline) add(R"("baseline": 0.1)");
      if (!credits->most) add(R"("credits": "60s")");
    }
    const std::string text = test::minimal_scenario_with(
        R"("machine": { "cores": 2 })", R"("plan": ")" + name + R"(", "assume": {)" + assume + "}");
    const Checked<Scenario> scenario = decode(text);
    ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), name);
    EXPECT_TRUE(compile(*scenario, ".").ok()) << name;
  }
}

TEST(Catalog, HasAllProblemsReportedAtOnce) {
  const Checked<Catalog> catalog = decode_catalog(
      R"({ "format": 1, "plans": { "a": { "provider": "B", "kind": "vpn", "as_of": "May" } } })");
  ASSERT_FALSE(catalog.ok());
  const std::string problems = render(catalog.diagnostics(), "plans.json");
  EXPECT_NE(problems.find("did you mean \"vps\"?"), std::string::npos) << problems;
  EXPECT_NE(problems.find("/plans/a/memory: is required"), std::string::npos) << problems;
  EXPECT_GE(catalog.diagnostics().size(), 5u);
}

TEST(Catalog, IsHiddenByAnEarlierOneAndByTheScenario) {
  const Catalog own = *decode_catalog(catalog_text("hetzner-cx23", "$1/month"));
  const Catalog both = merged(own, shipped_catalog());
  EXPECT_EQ(both.plans.size(), shipped_catalog().plans.size());
  EXPECT_EQ(find_named(both.plans, "hetzner-cx23")->price->cents, 100);

  const std::string buys =
      test::minimal_scenario_with(R"("machine": { "cores": 2 })", R"("plan": "hetzner-cx23")");
  EXPECT_EQ(decode(buys, {}, both)->plans.at(0).second.price->cents, 100);
  const std::string says =
      "{ " + plan_text("hetzner-cx23", "$2/month") + ", " + buys.substr(buys.find('{') + 1);
  EXPECT_EQ(decode(says, {}, both)->plans.at(0).second.price->cents, 200);
}

TEST(Scenario, CarriesThePlansThatItBuys) {
  const std::string buys =
      test::minimal_scenario_with(R"("machine": { "cores": 2 })", R"("plan": "hetzner-cx23")");
  const Checked<Scenario> scenario = decode(buys);
  ASSERT_TRUE(scenario.ok());
  ASSERT_EQ(scenario->plans.size(), 1u);
  // Another catalog does not change what was said.
  EXPECT_EQ(*decode(encode(*scenario), {}, Catalog()), *scenario);
}

TEST(Days, AreThoseOfTheCalendar) {
  EXPECT_EQ(days_of("1970-01-01"), 0);
  EXPECT_EQ(days_of("1970-02"), 31);
  EXPECT_EQ(days_of("2024-02-29"), 19'782);
  for (const char* wrong : {"2023-02-29", "2026-13", "2026", "26-05-27", "2026/05/27", "unknown"}) {
    EXPECT_EQ(days_of(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace cotenant
