// SPDX-License-Identifier: Apache-2.0
//
// cotenant_generate SOURCE_DIRECTORY: rewrites the files that are generated from the field table,
// the JSON Schema and the format reference. Run it after a change of the table; a test tells when.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "scenarios/catalog.h"
#include "scenarios/reference.h"
#include "scenarios/schema.h"

namespace {

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  std::cerr << "cannot write " << path << '\n';
  return false;
}

// Catalogs are written by hand and kept in canonical form.
bool write_catalogs(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    const auto catalog = cotenant::decode_catalog(text.str());
    if (!catalog.ok()) {
      std::cerr << render(catalog.diagnostics(), entry.path().string());
      return false;
    }
    if (!write_file(entry.path().string(), cotenant::encode(*catalog))) return false;
  }
  return true;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: cotenant_generate SOURCE_DIRECTORY\n";
    return 2;
  }
  const std::string root = arguments[1];
  const bool schema =
      write_file(root + "/scenarios/schema/scenario.schema.json", cotenant::scenario_schema());
  const bool catalog =
      write_file(root + "/scenarios/schema/catalog.schema.json", cotenant::catalog_schema());
  const bool parameters =
      write_file(root + "/scenarios/schema/parameters.schema.json", cotenant::parameters_schema());
  const bool reference =
      write_file(root + "/docs/scenario-format.md", cotenant::scenario_reference());
  return schema && catalog && parameters && reference && write_catalogs(root + "/scenarios/catalog")
             ? 0
             : 1;
}
