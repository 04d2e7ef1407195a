// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a plan: a computer, a virtual machine on a host, or a group.
#include "scenarios/on_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/cannot_run.h"
#include "scenarios/decode.h"

namespace cotenant {
namespace {

Plan plan(const std::string& kind, PlanCpu cpu, double vcpus) {
  Plan result;
  result.kind = kind;
  result.cpu = cpu;
  result.vcpus = vcpus;
  result.memory = Bytes(1 << 30);
  result.disk = Disk();
  result.disk->kind = "ssd";
  result.supports = {"wsgi", "asgi", "websocket", "background_workers", "root", "system_libraries"};
  return result;
}

// One service on the plan, with what else the setup says.
struct Bought {
  Scenario scenario;

  explicit Bought(const Plan& bought, cotenant::Setup setup = {}) {
    setup.plan = "it";
    scenario.plans = {{"it", bought}};
    scenario.application = {{"web", Service{GunicornSync{}}}};
    scenario.setups = {{"one", setup}};
  }
  cotenant::Setup setup() const { return on_plans(scenario).setups.at(0).second; }
  std::vector<std::string> reasons() const {
    return reasons_against(scenario, scenario.setups.at(0).second);
  }
};

TEST(OnPlan, ADedicatedOneIsTheComputer) {
  const cotenant::Setup setup = Bought(plan("dedicated", DedicatedCpu{}, 12)).setup();
  EXPECT_EQ(setup.machine.cores, 12);
  EXPECT_EQ(setup.machine.memory, Bytes(1 << 30));
  EXPECT_EQ(setup.machine.disk->kind, "ssd");
  EXPECT_TRUE(setup.guests.empty());
  EXPECT_TRUE(setup.neighbors.empty());
}

TEST(OnPlan, AVirtualMachineIsAGuestOfAHost) {
  const cotenant::Setup own = Bought(plan("vps", DedicatedCpu{}, 2)).setup();
  EXPECT_EQ(own.machine.cores, 2);  // nobody else is on these
  EXPECT_EQ(own.guests.at(0).second.machine.cores, 2);
  EXPECT_EQ(own.guests.at(0).second.machine.memory, Bytes(1 << 30));
  EXPECT_EQ(own.services.at(0).second.guest, own.guests.at(0).first);
  EXPECT_TRUE(own.neighbors.empty());

  const cotenant::Setup shared = Bought(plan("vps", SharedCpu{}, 2)).setup();
  EXPECT_GT(shared.machine.cores, 2);
  EXPECT_EQ(shared.neighbors.size(), 1u);
}

TEST(OnPlan, AQuotaIsThatOfAGroup) {
  Plan container = plan("container", QuotaCpu{milliseconds(50)}, 0.25);
  container.limits.io = LinkSpeed{1'000'000};
  const cotenant::Setup setup = Bought(container).setup();
  const Group& group = setup.groups.at(0).second;
  EXPECT_EQ(group.cpu_max->quota, microseconds(12'500));
  EXPECT_EQ(group.cpu_max->period, milliseconds(50));
  EXPECT_EQ(group.cpu_shares, 256);
  EXPECT_EQ(group.memory_max, Bytes(1 << 30));
  EXPECT_EQ(group.io.total_bps, LinkSpeed{1'000'000});
  EXPECT_FALSE(group.io.read_bps || group.io.write_bps);
  EXPECT_EQ(setup.services.at(0).second.scheduling.group, setup.groups.at(0).first);
}

TEST(OnPlan, CreditsAreABankUnlessTheyAreUnlimited) {
  CreditCpu credits;
  credits.baseline = 0.2;
  credits.most = CpuTime(seconds(576 * 60).count());
  credits.initial = CpuTime(seconds(60).count());
  const cotenant::Setup standard = Bought(plan("vps", credits, 2)).setup();
  const CpuMax& limit = *standard.groups.at(0).second.cpu_max;
  EXPECT_EQ(limit.quota, milliseconds(40));  // 0.2 of two virtual CPUs, each 100 ms
  EXPECT_EQ(limit.bank->most, *credits.most);
  EXPECT_EQ(limit.bank->initial, credits.initial);
  EXPECT_EQ(standard.guests.at(0).second.scheduling.group, standard.groups.at(0).first);

  credits.unlimited = true;
  EXPECT_TRUE(Bought(plan("vps", credits, 2)).setup().groups.empty());
}

TEST(OnPlan, AnAssumptionStandsForWhatNobodyPublishes) {
  CreditCpu credits;
  cotenant::Setup said;
  said.assume.vcpus = 4;
  said.assume.baseline = 0.5;
  said.assume.credits = CpuTime(seconds(10).count());
  Plan unknown = plan("vps", credits, 1);
  unknown.vcpus.reset();
  const cotenant::Setup setup = Bought(unknown, said).setup();
  EXPECT_EQ(setup.guests.at(0).second.machine.cores, 4);
  EXPECT_EQ(setup.groups.at(0).second.cpu_max->quota, milliseconds(200));
  EXPECT_EQ(setup.groups.at(0).second.cpu_max->bank->initial, CpuTime(0));
}

TEST(OnPlan, CreditsAtTheStartAreNoMoreThanThoseAssumed) {
  CreditCpu credits;
  credits.baseline = 0.1;
  credits.most = CpuTime(seconds(100).count());
  credits.initial = CpuTime(seconds(30).count());
  cotenant::Setup said;
  for (const std::int64_t assumed : {0, 10, 50}) {
    said.assume.credits = CpuTime(seconds(assumed).count());
    const cotenant::Setup setup = Bought(plan("vps", credits, 1), said).setup();
    EXPECT_EQ(setup.groups.at(0).second.cpu_max->bank->initial,
              CpuTime(seconds(std::min<std::int64_t>(assumed, 30)).count()));
  }
}

TEST(OnPlan, WebWorkersAreThoseOfThePlan) {
  Plan site = plan("shared", QuotaCpu{}, 1);
  site.limits.workers = 2;
  EXPECT_EQ(Bought(site).setup().services.at(0).second.workers, 2);
  cotenant::Setup said;
  said.services = {{"web", Placement{}}};
  said.services[0].second.workers = 1;
  EXPECT_EQ(Bought(site, said).setup().services.at(0).second.workers, 1);
  EXPECT_TRUE(Bought(site, said).reasons().empty());
  said.services[0].second.workers = 3;
  EXPECT_EQ(Bought(site, said).reasons(),
            std::vector<std::string>{"runs at most 2 web workers, and \"web\" has 3"});
}

TEST(OnPlan, EntryProcessesAreThoseOfThePlan) {
  Plan site = plan("shared", QuotaCpu{}, 1);
  site.limits.entry_processes = 20;
  Bought bought(site);
  bought.scenario.application.emplace_back("proxy", Service{Nginx{}});
  const cotenant::Setup setup = bought.setup();
  EXPECT_EQ(find_named(setup.services, "web")->entry_processes, 20);
  EXPECT_EQ(find_named(setup.services, "proxy")->entry_processes, std::nullopt);
}

TEST(OnPlan, TheNeighborhoodIsTheUsersOrThatOfThePlan) {
  const Plan shared = plan("vps", SharedCpu{}, 2);
  EXPECT_EQ(neighborhood_of(Bought(shared).scenario, Bought(shared).scenario.setups[0].second),
            "typical");
  cotenant::Setup said;
  said.neighborhood = "none";
  EXPECT_TRUE(Bought(shared, said).setup().neighbors.empty());
  said.neighborhood = "busy";
  const Neighbor busy = Bought(shared, said).setup().neighbors.at(0).second;
  said.neighborhood = "quiet";
  const Neighbor quiet = Bought(shared, said).setup().neighbors.at(0).second;
  const auto pause = [](const Neighbor& neighbor) {
    return std::get<ExponentialLaw>(std::get<OnOff>(*neighbor.pattern).off.kind).mean;
  };
  EXPECT_LT(pause(busy), pause(quiet));
}

TEST(OnPlan, ThePriceIsTheUsersOrThatOfThePlan) {
  Plan cheap = plan("vps", SharedCpu{}, 2);
  cheap.price = Money{"$", 500};
  const Bought bought(cheap);
  EXPECT_EQ(price_of(bought.scenario, bought.scenario.setups[0].second)->cents, 500);
  cotenant::Setup said;
  said.price = Money{"$", 700};
  const Bought other(cheap, said);
  EXPECT_EQ(price_of(other.scenario, other.scenario.setups[0].second)->cents, 700);
}

TEST(OnPlan, ASetupOfItsOwnStaysAsItIs) {
  Scenario scenario;
  cotenant::Setup own;
  own.machine.cores = 3;
  scenario.setups = {{"own", own}};
  EXPECT_EQ(on_plans(scenario), scenario);
  // What is on plans already stays, too.
  const Scenario concrete = on_plans(Bought(plan("vps", SharedCpu{}, 2)).scenario);
  EXPECT_EQ(on_plans(concrete), concrete);
}

TEST(CannotRun, NamesEachThingThatIsNotSupported) {
  Plan site = plan("shared", QuotaCpu{}, 1);
  site.supports = {"wsgi"};
  site.limits.processes = 3;
  Bought bought(site);
  bought.scenario.application = {{"web", Service{Uvicorn{}}},
                                 {"tasks", Service{Celery{}}},
                                 {"cache", Service{Redis{}}},
                                 {"mail", Service{External{}}}};
  const std::vector<std::string> reasons = bought.reasons();
  ASSERT_EQ(reasons.size(), 4u);
  EXPECT_EQ(reasons[0], "does not run applications for ASGI, which \"web\" is");
  EXPECT_EQ(reasons[1], "does not run processes that serve no requests, which \"tasks\" is");
  EXPECT_EQ(reasons[2], "does not run programs of one's own, which \"cache\" is");
  EXPECT_EQ(reasons[3].rfind("allows 3 processes and threads, and the application is ", 0), 0u);
  EXPECT_TRUE(Bought(plan("vps", SharedCpu{}, 1)).reasons().empty());
}

// NPROC, and what EP says of processes that are started for requests.
TEST(CannotRun, CountsTheProcessesThatThereAreAtOnce) {
  Plan site = plan("shared", QuotaCpu{}, 1);
  site.limits.processes = 5;
  const auto can_run = [&](const auto& server) {
    Bought bought(site);
    bought.scenario.application = {{"web", Service{server}}};
    return bought.reasons().empty();
  };
  GunicornSync sync;
  sync.workers = 4;  // and gunicorn itself
  EXPECT_TRUE(can_run(sync));
  sync.workers = 5;
  EXPECT_FALSE(can_run(sync));
  GunicornGthread threads;
  threads.workers = 1;
  threads.threads = 3;  // and the one that accepts
  EXPECT_TRUE(can_run(threads));
  threads.threads = 4;
  EXPECT_FALSE(can_run(threads));
  Cgi cgi;
  cgi.workers = 40;
  EXPECT_FALSE(can_run(cgi));
  site.limits.entry_processes = 5;
  EXPECT_TRUE(can_run(cgi));
  Passenger passenger;
  passenger.workers = 8;
  EXPECT_TRUE(can_run(passenger));
  passenger.min_instances = 6;
  EXPECT_FALSE(can_run(passenger));
}

TEST(OnPlan, IoLimitsAreThoseOfAccounts) {
  EXPECT_TRUE(is_account(plan("shared", SharedCpu{}, 1)));
  EXPECT_TRUE(is_account(plan("paas", QuotaCpu{}, 1)));
  EXPECT_FALSE(is_account(plan("vps", SharedCpu{}, 1)));
  EXPECT_FALSE(is_account(plan("container", CreditCpu{}, 1)));
  EXPECT_FALSE(is_account(plan("dedicated", DedicatedCpu{}, 1)));
}

// Two plans in one setup: each has what is placed on it, and both are paid.
struct TwoPlans {
  Scenario scenario;

  TwoPlans() {
    scenario.plans = {{"big", plan("vps", DedicatedCpu{}, 4)},
                      {"small", plan("container", QuotaCpu{}, 0.5)}};
    scenario.plans[0].second.price = Money{"$", 4000};
    scenario.plans[1].second.price = Money{"$", 700};
    scenario.plans[1].second.supports = {"wsgi"};
    scenario.application = {{"web", Service{GunicornSync{}}}, {"store", Service{Postgres{}}}};
    cotenant::Setup setup;
    setup.plan = "small";
    setup.nodes.emplace_back("db", Hosting()).second.plan = "big";
    Placement there;
    there.node = "db";
    setup.services = {{"store", there}};
    scenario.setups = {{"one", setup}};
  }
  cotenant::Setup& said() { return scenario.setups.front().second; }
};

TEST(OnPlan, ANodeIsThePlanThatItNames) {
  TwoPlans two;
  const cotenant::Setup setup = on_plans(two.scenario).setups.front().second;
  EXPECT_EQ(setup.groups.size(), 1U);
  EXPECT_TRUE(setup.guests.empty());
  EXPECT_EQ(find_named(setup.services, "web")->scheduling.group, setup.groups.front().first);
  const Hosting& node = setup.nodes.front().second;
  EXPECT_TRUE(node.plan.empty());
  EXPECT_EQ(node.guests.front().second.machine.cores, 4);
  EXPECT_EQ(find_named(setup.services, "store")->node, "db");
  EXPECT_EQ(find_named(setup.services, "store")->guest, node.guests.front().first);
  EXPECT_EQ(setup.neighbors.size(), 1U);
  EXPECT_TRUE(node.neighbors.empty());
}

TEST(OnPlan, ThePriceIsTheSum) {
  TwoPlans two;
  EXPECT_EQ(price_of(two.scenario, two.said()), (Money{"$", 4700}));
  two.said().nodes.front().second.price = Money{"$", 100};
  EXPECT_EQ(price_of(two.scenario, two.said()), (Money{"$", 800}));
  two.said().nodes.front().second.price.reset();
  two.scenario.plans.front().second.price.reset();
  EXPECT_FALSE(price_of(two.scenario, two.said()).has_value());
  two.said().price = Money{"$", 1};
  EXPECT_EQ(price_of(two.scenario, two.said()), (Money{"$", 1}));
}

// A database needs programs of one's own, where it is.
TEST(OnPlan, WhatCannotRunDependsOnWhereItIs) {
  TwoPlans two;
  EXPECT_TRUE(reasons_against(two.scenario, two.said()).empty());
  two.said().services.clear();
  EXPECT_EQ(reasons_against(two.scenario, two.said()).size(), 1U);
  two.said().services.emplace_back("web", Placement()).second.node = "db";
  two.said().services.emplace_back("store", Placement()).second.node = "db";
  two.scenario.plans.front().second.supports = {"root"};
  EXPECT_EQ(reasons_against(two.scenario, two.said()),
            (std::vector<std::string>{
                "of node \"db\" does not run applications for WSGI, which \"web\" is"}));
}

}  // namespace
}  // namespace cotenant
