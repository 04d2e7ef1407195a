// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: what is asked for (objectives), how precisely (study), and the whole file.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_law.h"
#include "scenarios/metric.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::int64_t kScenarioFormat = 1;

inline constexpr auto kObjectiveKeys = [] {
  std::array<std::string_view, kMetrics> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = kMetricTable[i].key;
  return keys;
}();

template <>
inline constexpr Title kTitle<Objective> = {
    "objective", "What a setup must achieve; a run that misses one exits with code 99."};
template <>
inline constexpr Title kTitle<Study> = {"study", "How long and how often to simulate."};
template <>
inline constexpr Title kTitle<Scenario> = {
    "scenario", "One file: a workload, an application and candidate setups."};

template <class Visitor, Same<Objective> T>
void fields(Visitor& v, T& objective) {
  v.field("metric", objective.metric,
          {.help = "The metric of the report.", .required = true, .choices = kObjectiveKeys});
  v.field("class", objective.request_class,
          {.help = "Only the requests of this class.", .absent = "all requests"});
  v.bound("below", objective.below, objective.metric, {.help = "It must be below this."});
  v.bound("above", objective.above, objective.metric, {.help = "It must be above this."});
  v.one_of({"below", "above"});
}
template <class Visitor, Same<Study> T>
void fields(Visitor& v, T& study) {
  v.field("duration", study.duration,
          {.help = "Simulated time of each replication, warm-up included.",
           .whole = between(milliseconds(1), kLongest)});
  v.field("warmup", study.warmup,
          {.help = "Time at the start that is not counted; auto: found by MSER-5.",
           .whole = kAnyTime,
           .word = "auto"});
  v.field("replications", study.replications,
          {.help = "Independent runs of each setup.", .whole = {1, 100'000}});
  v.field(
      "precision", study.precision,
      {.help =
           "Go on until the interval of the p95 is this narrow: half its width divided by the p95.",
       .real = {0.0001, 0.5},
       .absent = "exactly as many replications as given"});
  v.field("max_replications", study.max_replications,
          {.help = "Where the search for precision ends.", .whole = {1, 1'000'000}});
  v.field("confidence", study.confidence,
          {.help = "Confidence level of the intervals.", .real = {0.5, 0.9999}});
  v.field("max_events", study.max_events,
          {.help = "Events per replication; a run that needs more is cut and marked incomplete.",
           .whole = {1, 1'000'000'000'000},
           .absent = "no limit"});
  v.field("max_memory", study.max_memory,
          {.help = "Memory of one replication; a run that needs more is cut and marked incomplete.",
           .whole = {std::int64_t{1} << 20, std::int64_t{1} << 40},
           .absent = "no limit"});
}
template <class Visitor, Same<Scenario> T>
void fields(Visitor& v, T& scenario) {
  v.field("$schema", scenario.schema,
          {.help = "Where the JSON Schema is, for editors; otherwise ignored.", .absent = "none"});
  v.field("format", scenario.format,
          {.help = "The version of this format.",
           .required = true,
           .whole = {kScenarioFormat, kScenarioFormat}});
  v.field("name", scenario.name, {.help = "The title of the report.", .required = true});
  v.field("description", scenario.description,
          {.help = "What the scenario is about, for the reader.", .multiline = true});
  v.field("seed", scenario.seed,
          {.help = "The seed of all random numbers.",
           .whole = {0, std::numeric_limits<std::int64_t>::max()}});
  v.field("parameters", scenario.parameters,
          {.help = "A file with parameters that \"cotenant calibrate\" has fitted to your "
                   "captures; relative to this file.",
           .absent = "what presets and this file say"});
  v.field("workload", scenario.workload, {.help = "The traffic.", .required = true});
  v.field("application", scenario.application,
          {.help = "The services of the application by name.", .required = true, .min_items = 1});
  v.field("plans", scenario.plans,
          {.help = "Plans of your own by name; they hide those of catalogs."});
  v.field("setups", scenario.setups,
          {.help = "The candidates by name.", .required = true, .min_items = 1});
  v.field("objectives", scenario.objectives, {.help = "What must be achieved."});
  v.field("study", scenario.study, {.help = "How long and how often to simulate."});
}

}  // namespace cotenant
