// SPDX-License-Identifier: Apache-2.0
//
// See files.h. Everything is read in binary: the tests are about bytes and columns.
#include "tests/scenarios/files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cotenant::test {

std::string read_source(const std::string& path) {
  std::ifstream file(std::string(COTENANT_SOURCE_DIR) + '/' + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path);
  return text.str();
}

std::vector<std::string> list_sources(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  const std::filesystem::path root(COTENANT_SOURCE_DIR);
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ending) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> valid_scenarios() {
  std::vector<std::string> paths;
  for (const std::string folder : {"tests/scenarios/valid", "scenarios/library"}) {
    for (const std::string& name : list_sources(folder, ".json")) {
      paths.push_back(folder + '/' + name);
    }
  }
  return paths;
}

std::string minimal_scenario() {
  return R"({
  "format": 1,
  "name": "Shop",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "8/s" },
    "requests": { "page": { "steps": [{ "cpu": "5ms" }] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 4 } },
  "setups": { "vps": { "machine": { "cores": 2 } } }
}
)";
}

std::string minimal_scenario_with(const std::string& part, const std::string& replacement) {
  std::string text = minimal_scenario();
  const std::size_t at = text.find(part);
  if (at == std::string::npos) throw std::runtime_error("no such part: " + part);
  return text.replace(at, part.size(), replacement);
}

}  // namespace cotenant::test
