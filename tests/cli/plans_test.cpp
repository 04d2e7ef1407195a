// SPDX-License-Identifier: Apache-2.0
//
// `cotenant plans`, and plans in scenarios: what a buyer reads of prices and of what cannot run.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/catalog.h"
#include "study/study.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

constexpr const char* kMine = R"({ "format": 1, "plans": { "mine": {
  "provider": "Me", "kind": "vps", "price": "$3/month", "as_of": "2026-05-27", "source": "a letter",
  "confidence": "low", "vcpus": 2, "cpu": { "kind": "dedicated" }, "memory": "2GiB",
  "supports": ["wsgi"] } } })";

constexpr const char* kBuys = R"({
  "format": 1,
  "name": "Shop",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "8/s" },
    "requests": { "page": { "steps": [{ "cpu": "5ms" }] } }
  },
  "application": { "web": { "server": "uvicorn" } },
  "setups": {
    "site": { "plan": "pythonanywhere-hacker", "assume": { "vcpus": 1 } },
    "vps": { "plan": "hetzner-cx23" }
  },
  "objectives": [{ "metric": "latency_p95", "below": "1s" }],
  "study": { "duration": "5s", "warmup": "0s", "replications": 2 }
})";

TEST_F(CliTest, PlansListsAllOfThem) {
  EXPECT_EQ(cli("plans"), 0);
  EXPECT_EQ(err(), "");
  for (const auto& [name, plan] : shipped_catalog().plans) {
    EXPECT_NE(out().find("\n" + name + " "), std::string::npos) << name;
  }
}

TEST_F(CliTest, PlansFiltersByAllWords) {
  EXPECT_EQ(cli("plans vps credits AWS"), 0);
  EXPECT_NE(out().find("\naws-t3-micro "), std::string::npos);
  EXPECT_EQ(out().find("aws-m7i-large"), std::string::npos);  // dedicated
  EXPECT_EQ(out().find("azure"), std::string::npos);
}

TEST_F(CliTest, PlansShowsAllThatIsKnownOfOne) {
  EXPECT_EQ(cli("plans hetzner-cx23"), 0);
  const Plan& plan = *find_named(shipped_catalog().plans, "hetzner-cx23");
  EXPECT_NE(out().find("$4.65/month, as of " + plan.as_of), std::string::npos) << out();
  EXPECT_NE(out().find("effort       " + plan.effort), std::string::npos) << out();
}

TEST_F(CliTest, PlansWarnsOfOldPrices) {
  environment_.today = *days_of("2026-05-27") + 180;
  EXPECT_EQ(cli("plans hetzner-cx23"), 0);
  EXPECT_EQ(out().find("check it before you buy"), std::string::npos) << out();
  environment_.today += 1;
  EXPECT_EQ(cli("plans hetzner-cx23"), 0);
  EXPECT_NE(out().find("check it before you buy"), std::string::npos) << out();
}

TEST_F(CliTest, PlansWritesACatalogThatCanBeRead) {
  EXPECT_EQ(cli("plans hetzner --format json"), 0);
  const Checked<Catalog> catalog = decode_catalog(out());
  ASSERT_TRUE(catalog.ok());
  EXPECT_EQ(catalog->plans.size(), 5u);
}

TEST_F(CliTest, PlansOfAnUnknownNameSuggestTheNearest) {
  EXPECT_EQ(cli("plans hetzner-cx32"), number(ExitCode::usage));
  EXPECT_EQ(out(), "");
  EXPECT_NE(err().find("did you mean \"hetzner-cx23\"?"), std::string::npos) << err();
}

TEST_F(CliTest, CatalogsOfTheUserComeFirst) {
  const std::string file = write("plans.json", kMine);
  EXPECT_EQ(cli("plans mine --catalog " + file), 0);
  EXPECT_NE(out().find("$3/month"), std::string::npos) << out();
  const std::string broken = write("broken.json", R"({ "format": 1, "plnas": {} })");
  EXPECT_EQ(cli("plans --catalog " + broken), number(ExitCode::invalid_scenario));
  EXPECT_NE(err().find("did you mean \"plans\"?"), std::string::npos) << err();
}

TEST_F(CliTest, CheckSaysWhatCannotRun) {
  EXPECT_EQ(cli("check " + write("shop.json", kBuys)), 0) << err();
  EXPECT_NE(out().find("\n  site cannot run: its plan does not run applications for ASGI, which "
                       "\"web\" is\n"),
            std::string::npos)
      << out();
  EXPECT_EQ(out().find("vps cannot run"), std::string::npos) << out();
}

TEST_F(CliTest, RunSaysWhatCannotRunAndHowOldPricesAre) {
  environment_.study = run_study;
  environment_.today = *days_of("2026-06-30");
  const std::string file = write("shop.json", kBuys);
  // A setup that cannot run meets no objective.
  EXPECT_EQ(cli("run " + file), number(ExitCode::objective_missed)) << err();
  EXPECT_NE(out().find("⊘ cannot run"), std::string::npos) << out();
  EXPECT_NE(out().find("Why site cannot run: its plan does not run applications for ASGI, which "
                       "\"web\" is.\n"),
            std::string::npos)
      << out();
  EXPECT_NE(out().find("Not in these totals: VAT (vps); IPv4 address (vps).\n"), std::string::npos)
      << out();
  EXPECT_NE(out().find("Prices as of 2026-05-27 (vps).\n"), std::string::npos) << out();
  EXPECT_NE(out().find("of unknown age: 2024-04-24 (site)."), std::string::npos) << out();
  // No numbers, and no complaints about their absence.
  EXPECT_EQ(out().find("site: no number"), std::string::npos) << out();
}

}  // namespace
}  // namespace cotenant
