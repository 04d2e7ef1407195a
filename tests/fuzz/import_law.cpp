// SPDX-License-Identifier: Apache-2.0
//
// The law: a file is refused with reasons that can be shown, or what it became can be written as a
// scenario that is valid, or whose problems can be shown.
#include "tests/fuzz/import_law.h"

#include <stdexcept>

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "study/writers/display.h"
#include "tests/fuzz/message_law.h"
#include "tests/support/temporary_directory.h"
#include "validation/import/imported_scenario.h"
#include "validation/import/log_report.h"
#include "validation/import/log_rows.h"

namespace cotenant::test {
namespace {

std::string broken_rows(const Imported& imported, const ImportOptions& options) {
  std::int64_t rows = 0;
  bool in_order = true;
  for_each_request(imported, options, [&](const Arrival& arrival) {
    ++rows;
    in_order = in_order && arrival.done >= arrival.at &&
               arrival.class_index < imported.logs.classes().size();
  });
  if (!in_order) return "a request ends before it arrives, or is of no class";
  return rows == imported.logs.requests() ? "" : "the second look sees other requests";
}

std::string broken_scenario(const Scenario& scenario) {
  const Checked<Scenario> again = decode(encode(scenario));
  if (!again.ok()) return broken_message_law(again.diagnostics());
  return *again == scenario ? "" : "the scenario means something else as text";
}

}  // namespace

std::string broken_import_law(std::string_view bytes) {
  const TemporaryDirectory directory;
  directory.write("file", bytes);
  const ImportOptions options;
  Imported imported(options);
  try {
    const Diagnostics problems =
        import_file((directory.path() / "file").string(), options, imported);
    if (!problems.empty()) return broken_message_law(problems);
    if (imported.findings.empty() && imported.services.empty() && imported.settings.empty()) {
      // An empty document of Python says nothing, and that is all that there is to say.
      return imported.files.empty() ? "a file is accepted in silence" : "";
    }
    if (const std::string broken = broken_rows(imported, options); !broken.empty()) return broken;
    const Checked<Scenario> scenario = imported_scenario(imported, options);
    if (!scenario.ok()) return broken_message_law(scenario.diagnostics());
    const std::string text = findings_text(imported.findings, 80) + log_report_text(imported.logs);
    if (text.find('\x1b') != text.npos) return "a finding can drive the terminal";
    if (findings_json(imported.findings).empty() || log_report_json(imported.logs).empty()) {
      return "there is no JSON";
    }
    return broken_scenario(*scenario);
  } catch (const std::logic_error&) {
    throw;
  } catch (const std::runtime_error&) {
    return "";  // damaged
  }
}

}  // namespace cotenant::test
