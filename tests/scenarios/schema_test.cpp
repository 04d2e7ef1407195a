// SPDX-License-Identifier: Apache-2.0
//
// The generated files are fresh, and an independent implementation of JSON Schema agrees with the
// decoder: it accepts what ships and rejects what is structurally wrong.
#include "scenarios/schema.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "scenarios/decode.h"
#include "scenarios/reference.h"
#include "tests/scenarios/files.h"

namespace cotenant {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

class Schema {
 public:
  Schema() {
    const auto json =
        nlohmann::json::parse(test::read_source("scenarios/schema/scenario.schema.json"));
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(Adapter(json), schema_);
  }

  bool accepts(const nlohmann::json& document) {
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    return validator.validate(schema_, Adapter(document), nullptr);
  }

 private:
  valijson::Schema schema_;
};

TEST(GeneratedFiles, AreFresh) {
  EXPECT_EQ(scenario_schema(), test::read_source("scenarios/schema/scenario.schema.json"))
      << "run cotenant_generate";
  EXPECT_EQ(scenario_reference(), test::read_source("docs/scenario-format.md"))
      << "run cotenant_generate";
}

TEST(Schema, AcceptsEveryValidScenario) {
  Schema schema;
  for (const std::string& path : test::valid_scenarios()) {
    EXPECT_TRUE(schema.accepts(nlohmann::json::parse(test::read_source(path)))) << path;
  }
  EXPECT_TRUE(schema.accepts(nlohmann::json::parse(test::minimal_scenario())));
}

// beyond_schema.txt names the invalid files that no schema of ours can reject: cross references,
// ranges of quantities (texts, to a schema), relations between fields. All others must be rejected;
// a file that the schema learns to reject must leave the list.
TEST(Schema, RejectsEveryInvalidScenarioThatItCan) {
  Schema schema;
  std::set<std::string> beyond;
  std::istringstream list(test::read_source("tests/scenarios/invalid/beyond_schema.txt"));
  for (std::string name; std::getline(list, name);) beyond.insert(name);
  std::size_t rejected = 0;
  for (const std::string& name : test::list_sources("tests/scenarios/invalid", ".json")) {
    const std::string text = test::read_source("tests/scenarios/invalid/" + name);
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) continue;  // not JSON at all
    const bool accepted = schema.accepts(json);
    EXPECT_EQ(accepted, beyond.count(name) == 1) << name;
    if (!accepted) ++rejected;
  }
  EXPECT_GE(rejected, 80u);
}

// The example of the reference must work as printed.
TEST(Reference, ExampleIsAValidScenario) {
  const std::string text = scenario_reference();
  const std::size_t start = text.find("```json\n") + 8;
  const std::string example = text.substr(start, text.find("```", start) - start);
  const Checked<Scenario> scenario = decode(example);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "example");
}

}  // namespace
}  // namespace cotenant
