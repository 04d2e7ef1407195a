// SPDX-License-Identifier: Apache-2.0
//
// What can be turned: found in the scenario, and what a slider writes is a scenario again.
#include "gui/items/knobs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/decode.h"
#include "scenarios/text_edit.h"

namespace cotenant::gui {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  for (const char* const folder : {"scenarios/library", "gui/templates"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(COTENANT_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
  }
  return files;
}

const Knob* find(const std::vector<Knob>& knobs, std::string_view label) {
  const auto found = std::find_if(knobs.begin(), knobs.end(),
                                  [&](const Knob& knob) { return knob.label == label; });
  return found == knobs.end() ? nullptr : &*found;
}

TEST(Knobs, AreFoundInTheScenario) {
  const Checked<Scenario> scenario = decode(
      text_of(std::filesystem::path(COTENANT_SOURCE_DIR) / "gui/templates/django-shop.json"));
  ASSERT_TRUE(scenario.ok());
  const std::vector<Knob> knobs = knobs_of(*scenario, "shared");
  ASSERT_NE(find(knobs, "load"), nullptr);
  EXPECT_EQ(find(knobs, "load")->value, 1000);
  ASSERT_NE(find(knobs, "workers of web"), nullptr);
  EXPECT_EQ(find(knobs, "workers of web")->value, 5);
  ASSERT_NE(find(knobs, "neighbors"), nullptr);
  EXPECT_EQ(shown(*find(knobs, "neighbors"), find(knobs, "neighbors")->value), "busy");
  EXPECT_TRUE(knobs_of(*scenario, "nowhere").empty());
}

TEST(Knobs, SayTheirValueWhereTheyStand) {
  for (const auto& file : scenario_files()) {
    const Checked<Scenario> scenario = decode(text_of(file));
    ASSERT_TRUE(scenario.ok()) << file;
    for (const auto& [name, setup] : scenario->setups) {
      for (const Knob& knob : knobs_of(*scenario, name)) {
        EXPECT_EQ(value_at(knob, position_of(knob, knob.value)), knob.value)
            << file << knob.pointer;
      }
    }
  }
}

// At each end and in the middle; of every shipped scenario. What cannot be is refused with a reason
// by the decoder, and never because of how it is written.
TEST(Knobs, WriteWhatTheFileMaySay) {
  for (const auto& file : scenario_files()) {
    const std::string text = text_of(file);
    const Checked<Scenario> scenario = decode(text);
    Diagnostics problems;
    const std::optional<Node> root = parse_document(text, problems);
    for (const auto& [name, setup] : scenario->setups) {
      for (const Knob& knob : knobs_of(*scenario, name)) {
        const int steps = steps_of(knob);
        for (const int position : {0, steps / 2, steps}) {
          const std::int64_t value = value_at(knob, position);
          EXPECT_GE(value, knob.low);
          EXPECT_LE(value, knob.high);
          const auto edit = set_value(text, *root, knob.pointer, json(knob, value));
          ASSERT_TRUE(edit) << file << knob.pointer;
          std::string edited = text;
          apply_edit(*edit, edited);
          const Checked<Scenario> turned = decode(edited);
          if (!turned.ok()) continue;
          const std::vector<Knob> again = knobs_of(*turned, name);
          const Knob* const same = find(again, knob.label);
          ASSERT_NE(same, nullptr) << file << knob.label;
          EXPECT_EQ(same->value, value) << file << knob.pointer;
        }
      }
    }
  }
}

}  // namespace
}  // namespace cotenant::gui
