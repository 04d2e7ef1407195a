// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/cli/cli_fixture.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "cli/run_cli.h"

namespace cotenant {
namespace {

// A fresh directory, so that tests that run at the same time do not meet.
std::filesystem::path fresh_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "cotenant-cli-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

Report one_setup_report() {
  Report report;
  report.name = "stub";
  report.setups.emplace_back().name = "vps";
  report.provenance.replications = 1;
  report.provenance.horizon = 60;
  return report;
}

constexpr const char* kValidScenario = R"({
  "format": 1,
  "name": "two hosts",
  "workload": {
    "arrivals": {"kind": "poisson", "rate": "10/s"},
    "requests": {"page": {"steps": [{"cpu": "10ms"}]}}
  },
  "application": {"web": {"server": "gunicorn-sync", "workers": 2}},
  "setups": {"vps": {"machine": {"cores": 1}}, "shared": {"machine": {"cores": 2}}},
  "study": {"duration": "60s", "replications": 3}
}
)";

}  // namespace

CliTest::CliTest()
    : environment_{in_, out_, err_, stop_request_, [this] { return now_; }},
      answer_(one_setup_report()),
      directory_(fresh_directory()) {
  environment_.cores = 2;
  environment_.study = [this](const Scenario& scenario, const std::filesystem::path& directory,
                              const StudyOptions& options) {
    asked_ = options;
    asked_scenario_ = scenario;
    asked_directory_ = directory;
    return Checked<Report>(answer_);
  };
}

CliTest::~CliTest() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

int CliTest::cli(const std::string& command) {
  std::vector<std::string> words;
  std::istringstream split(command);
  for (std::string word; split >> word;) words.push_back(word);
  return run_cli(words, environment_);
}

std::string CliTest::write(const std::string& name, const std::string& text) {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string CliTest::read(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> CliTest::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string CliTest::valid_file() { return write("valid.json", kValidScenario); }

}  // namespace cotenant
