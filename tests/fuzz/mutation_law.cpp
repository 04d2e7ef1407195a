// SPDX-License-Identifier: Apache-2.0
//
// See the header. A crash or a run without end is found by whoever runs the test.
#include "tests/fuzz/mutation_law.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "study/study.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/scenario_law.h"
#include "tests/scenarios/files.h"

namespace cotenant::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kEvents = 2000;
constexpr std::int64_t kMemory = std::int64_t{64} << 20;

// A place is a line of the text; what is missing has that of the object it is missing from.
std::string without_place(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.line < 1 || diagnostic.column < 1) return render(diagnostic, "without a place");
    if (diagnostic.message.empty()) return "a diagnostic that says nothing";
  }
  return "";
}

// Files of recordings are wrong at a place of their own, so the pointer to the one who names them
// is enough.
std::string without_pointer(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.pointer.empty() || diagnostic.message.empty()) {
      return render(diagnostic, "without a place");
    }
  }
  return "";
}

// Throws when a file is not there.
void run_a_little(Scenario scenario, const fs::path& directory) {
  scenario.study.max_events = std::min(scenario.study.max_events.value_or(kEvents), kEvents);
  scenario.study.max_memory =
      std::min(scenario.study.max_memory.value_or(Bytes(kMemory)), Bytes(kMemory));
  StudyOptions options;
  options.replications = 1;
  const Checked<Report> report = run_study(scenario, directory, options);
  if (!report.ok()) throw std::logic_error("it compiles, but does not run");
}

class Law {
 public:
  Law(fs::path directory, int run_every)
      : directory_(std::move(directory)), run_every_(run_every) {}

  const Mutations& counts() const { return counts_; }

  // Empty, or how the law was broken.
  std::string broken(const std::string& text) {
    const std::string law = broken_scenario_law(text);
    if (!law.empty()) return law;
    const Checked<Scenario> scenario = decode(text);
    if (!scenario.ok()) {
      ++counts_.refused;
      return without_place(scenario.diagnostics());
    }
    return broken_behind(*scenario);
  }

 private:
  std::string broken_behind(const Scenario& scenario) {
    try {
      const auto blueprints = compile(scenario, directory_);
      if (!blueprints.ok()) {
        ++counts_.not_compiled;
        return without_pointer(blueprints.diagnostics());
      }
      if (blueprints->size() != scenario.setups.size()) return "a setup got lost";
      if (++counts_.compiled % run_every_ == 0) {
        run_a_little(scenario, directory_);
        ++counts_.ran;
      }
      return "";
    } catch (const std::runtime_error& error) {
      ++counts_.without_file;
      return *error.what() == '\0' ? "refused without a reason" : "";
    }
  }

  fs::path directory_;
  int run_every_;
  Mutations counts_;
};

}  // namespace

std::vector<std::string> scenarios_to_mutate() {
  std::vector<std::string> files;
  for (const std::string folder : {"scenarios/library", "tests/golden/scenarios"}) {
    for (const std::string& name : list_sources(folder, ".json")) {
      files.push_back(folder + '/' + name);
    }
  }
  return files;
}

Mutations mutate(const std::string& file, std::uint64_t first, std::uint64_t count, int run_every) {
  const std::string text = read_source(file);
  Law law((fs::path(COTENANT_SOURCE_DIR) / file).parent_path(), run_every);
  for (std::uint64_t number = first; number < first + count; ++number) {
    const std::string mutation = mutated(text, number);
    std::string broken;
    try {
      broken = law.broken(mutation);
    } catch (const std::exception& error) {
      broken = error.what();
    }
    if (broken.empty()) continue;
    throw std::runtime_error(file + ", mutation " + std::to_string(number) + ": " + broken + "\n" +
                             mutation);
  }
  return law.counts();
}

}  // namespace cotenant::test
