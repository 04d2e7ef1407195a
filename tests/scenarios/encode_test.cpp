// SPDX-License-Identifier: Apache-2.0
//
// Encoding is the inverse of decoding, and the hash is of the meaning.
#include "scenarios/encode.h"

#include <gtest/gtest.h>

#include "scenarios/decode.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

TEST(Encode, IsTheInverseOfDecode) {
  for (const std::string& path : test::valid_scenarios()) {
    const Checked<Scenario> scenario = decode(test::read_source(path));
    ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), path);
    const std::string text = encode(*scenario);
    const Checked<Scenario> again = decode(text);
    ASSERT_TRUE(again.ok()) << render(again.diagnostics(), path) << text;
    EXPECT_EQ(*again, *scenario) << path;
    EXPECT_EQ(encode(*again), text) << path;
  }
}

TEST(Encode, WritesWhatAPersonWouldWrite) {
  // The minimal scenario is in canonical form already: no defaults, short lines where they fit.
  EXPECT_EQ(encode(*decode(test::minimal_scenario())), test::minimal_scenario());
}

TEST(Encode, LeavesDefaultsOutAndKeepsTheRest) {
  const std::string spelled_out = test::minimal_scenario_with(
      "{ \"cores\": 2 }",
      R"({ "cores": 2, "scheduler": "eevdf", "somaxconn": 4096 }, "groups": {})");
  EXPECT_EQ(encode(*decode(spelled_out)), test::minimal_scenario());
}

std::uint64_t hash_of(const std::string& text) { return scenario_hash(*decode(text)); }

TEST(ScenarioHash, IsOfTheMeaning) {
  const std::uint64_t hash = hash_of(test::minimal_scenario());
  EXPECT_EQ(hash, hash_of(encode(*decode(test::minimal_scenario()))));
  // Format, spelled-out defaults, other units and the schema's place change nothing.
  EXPECT_EQ(hash, hash_of(test::minimal_scenario_with("\n", "   \n\n")));
  EXPECT_EQ(hash, hash_of(test::minimal_scenario_with("\"5ms\"", "\"5000us\"")));
  EXPECT_EQ(hash, hash_of(test::minimal_scenario_with("\"5ms\"",
                                                      R"({"law": "constant", "value": "5ms"})")));
  EXPECT_EQ(hash, hash_of(test::minimal_scenario_with(
                      "{\n", "{ \"$schema\": \"s.json\", \"seed\": 1,\n")));
}

TEST(ScenarioHash, ChangesWithEveryValue) {
  const std::uint64_t hash = hash_of(test::minimal_scenario());
  for (const auto& [part, replacement] :
       {std::pair("\"5ms\"", "\"5.000001ms\""), std::pair("8/s", "9/s"),
        std::pair("\"workers\": 4", "\"workers\": 5"), std::pair("vps", "vpn"),
        std::pair("Shop", "Shops")}) {
    EXPECT_NE(hash, hash_of(test::minimal_scenario_with(part, replacement))) << part;
  }
}

// Reports and caches of other runs bear this number, so it may not depend on compiler or build.
TEST(ScenarioHash, IsTheSameEverywhere) {
  EXPECT_EQ(hash_of(test::minimal_scenario()), 6909421478662834337u);
}

}  // namespace
}  // namespace cotenant
