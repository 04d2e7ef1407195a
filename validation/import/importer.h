// SPDX-License-Identifier: Apache-2.0
//
// Takes in files of all kinds, one after the other, and says of each line what became of it. What
// several files say of the same thing is joined in imported_scenario().
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validation/import/deployment.h"
#include "validation/import/detect.h"
#include "validation/import/findings.h"
#include "validation/import/log_tally.h"
#include "validation/import/python_value.h"
#include "validation/import/server_settings.h"

namespace cotenant {

struct ImportOptions {
  std::optional<AccessLogFormat> log_format;  // nullopt: as the lines look
  std::vector<PathRule> rules;
  std::size_t classes = 8;                  // that a scenario has, besides the rest
  std::optional<std::int64_t> cores;        // of the machine
  std::string service;                      // that serves the requests; empty: the first server
  std::string replay;                       // recorded arrivals, as the scenario names the file
  const std::atomic<bool>* stop = nullptr;  // set by anyone: reading a file ends soon
};

struct ImportedFile {
  std::string name;
  InputKind kind = InputKind::unknown;
  std::optional<AccessLogFormat> format;  // of a log
};

struct Imported {
  explicit Imported(const ImportOptions& options);

  std::vector<ImportedFile> files;
  LogTally logs;
  PythonWorld world;
  ServerSettings settings;  // of gunicorn.conf.py and a Procfile
  std::vector<DeployedService> services;
  Findings findings;
};

// A settings file of more than this is none.
inline constexpr std::size_t kMostSettings = std::size_t{1} << 18;

// Adds what a file says, or says why it cannot. Throws std::runtime_error when it cannot be read
// or was stopped.
Diagnostics import_file(const std::string& file, const ImportOptions& options, Imported& imported);

// The same of a text of settings, which is no log.
Diagnostics import_settings(std::string_view text, const std::string& file, Imported& imported);

}  // namespace cotenant
