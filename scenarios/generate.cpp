// SPDX-License-Identifier: Apache-2.0
//
// cotenant_generate SOURCE_DIRECTORY: rewrites the files that are generated from the field table,
// the JSON Schema and the format reference. Run it after a change of the table; a test tells when.
#include <fstream>
#include <iostream>
#include <string>

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

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: cotenant_generate SOURCE_DIRECTORY\n";
    return 2;
  }
  const std::string root = arguments[1];
  const bool schema =
      write_file(root + "/scenarios/schema/scenario.schema.json", cotenant::scenario_schema());
  const bool reference =
      write_file(root + "/docs/scenario-format.md", cotenant::scenario_reference());
  return schema && reference ? 0 : 1;
}
