// SPDX-License-Identifier: Apache-2.0
//
// What the list of presets says is what is simulated: a scenario that says all of it is the
// scenario that says nothing.
#include "scenarios/presets.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "scenarios/restart_policies.h"

namespace cotenant {
namespace {

using Json = nlohmann::ordered_json;

// Called by a loop, or passed on to one, so that any kind of server can be asked for something.
std::string scenario_with(const std::string& kind, const Json& said) {
  Json subject = {{"server", kind}};
  Json page = {{"service", "web"}, {"steps", {{{"call", "subject.ask"}}}}};
  if (kind == "gunicorn-sync" || kind == "gunicorn-gthread" || kind == "gunicorn-gevent") {
    subject["workers"] = 1;
  }
  if (kind == "gunicorn-gthread") subject["threads"] = 1;
  if (kind == "fastcgi" || kind == "cgi") subject.update({{"workers", 1}, {"queue", 1}});
  if (kind == "fastcgi") subject["idle_time"] = "0s";
  if (kind == "celery") subject["concurrency"] = 1;
  if (kind == "poller") subject["pause"] = "1s";
  if (kind == "nginx") {
    subject["upstream"] = {{"web", Json::object()}};
    page = {{"service", "subject"}, {"steps", {{{"wait", "1ms"}}}}};
  } else {
    subject["operations"]["ask"]["steps"] = {{{"wait", "1ms"}}};
  }
  subject.update(said);
  const Json scenario = {
      {"format", 1},
      {"name", "test"},
      {"workload",
       {{"arrivals", {{"kind", "poisson"}, {"rate", "1/s"}}}, {"requests", {{"page", page}}}}},
      {"application", {{"web", {{"server", "uvicorn"}}}, {"subject", subject}}},
      {"setups", {{"only", {{"machine", {{"cores", 1}}}}}}}};
  return scenario.dump(2);
}

Scenario decoded(const std::string& kind, const Json& said) {
  const std::string text = scenario_with(kind, said);
  Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test") << text;
  return *std::move(scenario);
}

// All values that the list has, as a scenario says them.
Json said_by(const Preset& preset) {
  Json said = Json::object();
  for (const PresetValue& value : preset.values) {
    const Json json = Json::parse(value.json);
    if (!json.is_null()) said[value.key] = json;
  }
  return said;
}

OverheadSpec overhead_with(const std::string& kind, const Json& overhead) {
  const auto blueprints = compile(decoded(kind, {{"overhead", overhead}}), ".");
  EXPECT_TRUE(blueprints.ok());
  return *blueprints->front().services[ServiceId(1)].overhead();
}

const Preset& preset_named(const std::vector<Preset>& list, const std::string& name) {
  for (const Preset& preset : list) {
    if (preset.name == name) return preset;
  }
  throw std::runtime_error("no preset " + name);
}

TEST(Presets, OfOverheadsAreWhatServersCost) {
  for (const Preset& preset : presets()) {
    if (preset.kind != PresetKind::overhead) continue;
    EXPECT_FALSE(preset.used_by.empty()) << preset.name;
    for (const std::string& server : preset.used_by) {
      Json all = said_by(preset);
      all["preset"] = "none";
      const OverheadSpec spelled_out = overhead_with(server, all);
      const OverheadSpec by_name = overhead_with(server, preset.name);
      for (std::size_t phase = 0; phase < kServerPhases; ++phase) {
        EXPECT_EQ(spelled_out.phases[phase].hot, by_name.phases[phase].hot) << preset.name << phase;
        EXPECT_EQ(spelled_out.phases[phase].cold, by_name.phases[phase].cold) << preset.name;
      }
      EXPECT_EQ(spelled_out.cold_after, by_name.cold_after) << preset.name;
    }
  }
}

TEST(Presets, OfServersAreTheirDefaults) {
  int servers = 0;
  const std::set<std::string> not_servers = {"upstream_server", "pgbouncer", "pool",
                                             "retry_budget",    "machine",   "kernel"};
  for (const Preset& preset : presets()) {
    if (preset.kind != PresetKind::defaults || not_servers.count(preset.name) > 0) continue;
    EXPECT_EQ(decoded(preset.name, said_by(preset)), decoded(preset.name, Json::object()))
        << preset.name;
    ++servers;
  }
  EXPECT_GE(servers, 8);
}

TEST(Presets, OfAPgbouncerAreItsDefaults) {
  const std::vector<Preset> list = presets();
  const Json all = said_by(preset_named(list, "pgbouncer"));
  EXPECT_EQ(decoded("postgres", {{"pgbouncer", all}}),
            decoded("postgres", {{"pgbouncer", Json::object()}}));
}

TEST(Presets, OfMachinesAreTheirDefaults) {
  const std::vector<Preset> list = presets();
  const auto setups_with = [](const Json& machine) {
    Json document = Json::parse(scenario_with("uvicorn", Json::object()));
    document["setups"]["only"]["machine"].update(machine);
    const std::string text = document.dump(2);
    const Checked<Scenario> scenario = decode(text);
    EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
    return scenario->setups;
  };
  Json machine = said_by(preset_named(list, "machine"));
  EXPECT_GE(machine.size(), 4u);
  machine["kernel"] = said_by(preset_named(list, "kernel"));
  EXPECT_GE(machine["kernel"].size(), 3u);
  EXPECT_EQ(setups_with(machine), setups_with(Json::object()));
}

// What nobody can say is listed as it is: the last SYN after 67 s, and 238 us of a handshake.
TEST(Presets, OfConstantsAreWhatIsSimulated) {
  const std::vector<Preset> list = presets();
  const auto text_of = [&](const std::string& name, const std::string& key) {
    const Preset& preset = preset_named(list, name);
    EXPECT_EQ(preset.kind, PresetKind::constants);
    for (const PresetValue& value : preset.values) {
      if (value.key == key) return value.text;
    }
    return std::string();
  };
  EXPECT_EQ(text_of("linux", "syn_again_after"), "1s, 2s, 3s, 4s, 5s, 7s, 11s, 19s, 35s, 67s");
  EXPECT_EQ(text_of("linux", "time_wait"), "1min");
  EXPECT_EQ(text_of("linux", "send_buffer"), "4MiB");
  EXPECT_EQ(text_of("tls", "ecdsa-p256"), "238us");
  EXPECT_EQ(text_of("processes", "fork"), "6ms");
  EXPECT_EQ(text_of("python-lock", "take"), "5us");
}

// Saying all of a policy is as good as its name.
TEST(Presets, OfRestartsAreWhatTheirNamesMean) {
  std::size_t policies = 0;
  for (const Preset& preset : presets()) {
    if (preset.kind != PresetKind::restarts) continue;
    const auto restarts_with = [&](const Json& restart) {
      Json document = Json::parse(scenario_with("uvicorn", Json::object()));
      document["setups"]["only"]["services"]["web"]["restart"] = restart;
      const Checked<Scenario> scenario = decode(document.dump(2));
      EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
      return compile_restart(*find_named(scenario->setups.front().second.services, "web")->restart);
    };
    Json all = said_by(preset);
    all["preset"] = "docker";  // all of it is said otherwise
    const RestartSpec spelled_out = restarts_with(all);
    const RestartSpec by_name = restarts_with(preset.name);
    EXPECT_EQ(spelled_out.first, by_name.first) << preset.name;
    EXPECT_EQ(spelled_out.delay, by_name.delay) << preset.name;
    EXPECT_EQ(spelled_out.longest, by_name.longest) << preset.name;
    EXPECT_EQ(spelled_out.starts, by_name.starts) << preset.name;
    EXPECT_EQ(spelled_out.within, by_name.within) << preset.name;
    EXPECT_GE(preset.values.size(), 5u) << preset.name;
    ++policies;
  }
  EXPECT_EQ(policies, 3u);
}

// A server that is offered and not listed would be one whose assumptions nobody can see.
TEST(Presets, AreComplete) {
  std::set<std::string> names;
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(names.insert(preset.name).second) << preset.name << " is there twice";
  }
  for (const OverheadPreset& preset : overhead_presets()) {
    EXPECT_EQ(names.count(std::string(preset.name)), 1u) << preset.name;
  }
  for (const char* defaults : {"gunicorn-sync", "nginx", "postgres", "pool", "retry_budget"}) {
    EXPECT_EQ(names.count(defaults), 1u) << defaults;
  }
}

TEST(Presets, NameTheVersionOfTheirSoftwareAndTheSourceOfEachValue) {
  // Of the last two it was not noted when these became their delays.
  const std::set<std::string> without_version = {"none", "external", "poller", "kubernetes",
                                                 "docker"};
  for (const Preset& preset : presets()) {
    const bool is_of_software = !without_version.contains(preset.name);
    EXPECT_EQ(preset.software.find_first_of("0123456789") != std::string::npos, is_of_software)
        << preset.name << ": " << preset.software;
    EXPECT_FALSE(preset.source.empty()) << preset.name;
    EXPECT_FALSE(preset.meaning.empty()) << preset.name;
    for (const PresetValue& value : preset.values) {
      EXPECT_FALSE(value.source.empty()) << preset.name << "." << value.key;
      EXPECT_FALSE(value.text.empty()) << preset.name << "." << value.key;
      EXPECT_FALSE(value.meaning.empty()) << preset.name << "." << value.key;
    }
  }
}

// "defined" is for what is nothing physical, such as a cost of zero.
TEST(Presets, SayOfEveryCostWhetherItIsMeasured) {
  for (const OverheadPreset& preset : overhead_presets()) {
    for (std::size_t phase = 0; phase < kServerPhases; ++phase) {
      const bool costs = preset.overhead.phases[phase].cold > CpuTime();
      EXPECT_EQ(preset.origins[phase] != Origin::defined, costs) << preset.name << " " << phase;
    }
  }
}

TEST(Presets, HaveAFormForPrograms) {
  const Json json = Json::parse(presets_json(presets()));
  const Json& first = json.at("presets").at(1);
  EXPECT_EQ(first.at("name"), "gunicorn-20.1-sync");
  EXPECT_EQ(first.at("kind"), "overhead");
  EXPECT_EQ(first.at("used_by"), Json::array({"gunicorn-sync", "passenger", "fastcgi"}));
  const Json& accept = first.at("values").at("accept");
  EXPECT_EQ(accept.at("value"), (Json{{"hot", "50us"}, {"cold", "165us"}}));
  EXPECT_EQ(accept.at("source"), "measured");
}

}  // namespace
}  // namespace cotenant
