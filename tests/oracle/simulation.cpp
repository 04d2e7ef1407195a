// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/simulation.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/decode.h"
#include "study/study.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

// A fresh directory for the recordings of one simulation, gone at its end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "cotenant-oracle-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Seeds of the studies; the first is the one that a failure's scenario text repeats.
constexpr std::uint64_t kSeed = 20240607;

void write_recordings(const Simulation& simulation, const std::filesystem::path& directory,
                      int study) {
  for (const Recording& recording : simulation.recordings) {
    std::ofstream(directory / recording.name) << recording.text(study);
  }
}

template <class T>
T accepted(Checked<T> checked, const std::string& text) {
  if (checked.ok()) return std::move(checked).value();
  throw std::runtime_error(render(checked.diagnostics(), "scenario") + text);
}

}  // namespace

std::string scenario_text(const Simulation& simulation) {
  Json whole = simulation.scenario;
  whole["seed"] = kSeed;
  whole["study"] = {{"duration", duration_text(simulation.length.duration)},
                    {"warmup", duration_text(simulation.length.warmup)},
                    {"replications", simulation.length.replications}};
  return whole.dump(2);
}

Reports run(const Simulation& simulation) {
  const std::string text = scenario_text(simulation);
  const Scenario scenario = accepted(decode(text), text);
  const TemporaryDirectory directory;
  Reports reports;
  for (int study = 0; study < simulation.length.studies; ++study) {
    write_recordings(simulation, directory.path(), study);
    StudyOptions options;
    options.seed = kSeed + static_cast<std::uint64_t>(study);
    options.jobs = 2;
    reports.push_back(accepted(run_study(scenario, directory.path(), options), text));
  }
  return reports;
}

}  // namespace cotenant::oracle
