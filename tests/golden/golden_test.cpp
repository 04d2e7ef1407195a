// SPDX-License-Identifier: Apache-2.0
//
// Did behavior change? runs.csv pins the fingerprints of every shipped scenario and of some small
// ones, each with several sets of ingredients: e events, o outcomes, a accounts, s final state.
// When some sets still agree, they tell what kind of change it was. COTENANT_UPDATE_GOLDEN=1 (that
// is,
// `./dev golden --update`) writes the file anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/decode.h"
#include "study/study.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = COTENANT_SOURCE_DIR;
const fs::path kRuns = kSource / "tests/golden/runs.csv";
constexpr const char* kHeader = "scenario,seed,replications,ingredients,fingerprint";
constexpr std::array<const char*, 4> kIngredientSets = {"o", "oa", "os", "eoas"};

// Long scenarios are pinned by their beginning, so that the whole suite takes seconds.
constexpr std::uint64_t kReplications = 2;
constexpr std::int64_t kMaxEvents = 100'000;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Ingredients ingredients_of(const std::string& letters) {
  const auto has = [&](char letter) { return letters.find(letter) != std::string::npos; };
  return {has('e'), has('o'), has('a'), has('s')};
}

// Relative to the repository, in a fixed order.
std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const char* folder : {"scenarios/library", "tests/golden/scenarios"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".json") continue;
      files.push_back(
          (fs::path(folder) / entry.path().lexically_relative(kSource / folder)).generic_string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Scenario scenario_in(const std::string& file) {
  Checked<Scenario> decoded = decode(text_of(kSource / file));
  if (!decoded) throw std::runtime_error(render(decoded.diagnostics(), file));
  Scenario scenario = std::move(decoded).value();
  scenario.study.max_events = std::min(scenario.study.max_events.value_or(kMaxEvents), kMaxEvents);
  return scenario;
}

std::string fingerprint(const std::string& file, const std::string& letters, unsigned jobs = 1) {
  StudyOptions options;
  options.replications = kReplications;
  options.ingredients = ingredients_of(letters);
  options.jobs = jobs;
  const Checked<Report> report =
      run_study(scenario_in(file), (kSource / file).parent_path(), options);
  if (!report) throw std::runtime_error(render(report.diagnostics(), file));
  return hex16(report->provenance.fingerprint);
}

// All of a line but the fingerprint.
std::string run_of(const std::string& file, const std::string& letters) {
  return file + "," + std::to_string(scenario_in(file).seed) + "," + std::to_string(kReplications) +
         "," + letters;
}

// Fingerprints by run.
std::map<std::string, std::string> recorded_runs() {
  std::istringstream lines(text_of(kRuns));
  std::map<std::string, std::string> runs;
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, kHeader);
  while (std::getline(lines, line)) {
    const std::size_t comma = line.rfind(',');
    runs[line.substr(0, comma)] = line.substr(comma + 1);
  }
  return runs;
}

void update() {
  std::ofstream out(kRuns, std::ios::binary);
  out << kHeader << "\n";
  for (const std::string& file : scenario_files()) {
    for (const char* letters : kIngredientSets) {
      out << run_of(file, letters) << "," << fingerprint(file, letters) << "\n";
    }
  }
  ASSERT_TRUE(out.flush()) << "cannot write " << kRuns;
}

TEST(GoldenRuns, Agree) {
  if (std::getenv("COTENANT_UPDATE_GOLDEN")) update();
  std::map<std::string, std::string> recorded = recorded_runs();
  for (const std::string& file : scenario_files()) {
    std::string agree;
    std::string differ;
    for (const char* letters : kIngredientSets) {
      const auto found = recorded.find(run_of(file, letters));
      if (found == recorded.end()) {
        ADD_FAILURE() << file << " is not pinned (ingredients " << letters
                      << "); record it with: ./dev golden --update";
        continue;
      }
      (found->second == fingerprint(file, letters) ? agree : differ) += std::string(" ") + letters;
      recorded.erase(found);
    }
    EXPECT_EQ(differ, "") << file << " behaves differently. Ingredients that differ:" << differ
                          << "; that agree:" << (agree.empty() ? " none" : agree)
                          << "\nIf it is meant to: ./dev golden --update, and a CHANGELOG line";
  }
  for (const auto& [run, fingerprint] : recorded) {
    ADD_FAILURE() << "pinned, but there is no such run any more: " << run;
  }
}

TEST(GoldenRuns, DoNotDependOnTheNumberOfThreads) {
  for (const std::string& file : scenario_files()) {
    EXPECT_EQ(fingerprint(file, "eoas", 1), fingerprint(file, "eoas", 3)) << file;
  }
}

// A fingerprint that everything agrees with would pin nothing.
TEST(GoldenRuns, AreAllDifferent) {
  std::map<std::string, std::string> seen;
  for (const auto& [run, fingerprint] : recorded_runs()) {
    const auto [other, is_new] = seen.emplace(fingerprint, run);
    EXPECT_TRUE(is_new) << run << " has the fingerprint of " << other->second;
  }
}

}  // namespace
}  // namespace cotenant
