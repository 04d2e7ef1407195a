// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/import_files.h"

#include <stdexcept>
#include <utility>

#include "scenarios/encode.h"
#include "validation/import/imported_scenario.h"

namespace cotenant::gui {
namespace {

Diagnostics read(const std::string& file, const ImportOptions& options, Imported& imported) {
  Diagnostics named;
  try {
    for (Diagnostic problem : import_file(file, options, imported)) {
      problem.message = file + " " + problem.message;
      named.add(std::move(problem));
    }
  } catch (const std::runtime_error& error) {
    named.add({"", 0, 0, error.what(),
               "a file that is complete and that you may read, plain or compressed with gzip", ""});
  }
  return named;
}

}  // namespace

Checked<ImportedText> import_files(const std::vector<std::string>& files,
                                   const std::atomic<bool>& stop) {
  ImportOptions options;
  options.stop = &stop;
  Imported imported(options);
  Diagnostics problems;
  for (const std::string& file : files) problems.add(read(file, options, imported));
  if (!problems.empty()) return problems;
  const Checked<Scenario> scenario = imported_scenario(imported, options);
  if (!scenario.ok()) return scenario.diagnostics();
  return ImportedText{encode(*scenario), std::move(imported.findings)};
}

}  // namespace cotenant::gui
