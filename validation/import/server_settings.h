// SPDX-License-Identifier: Apache-2.0
//
// How an application server was told to run, by a command line, a configuration file or the
// environment, and the service of a scenario that this makes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"
#include "validation/import/findings.h"

namespace cotenant {

// Which source wins: gunicorn reads its environment first, then its file, then its command line.
enum class SettingRank { environment, file, command };

struct Setting {
  std::string value;  // as text: "4", "gthread", "True"
  SettingRank rank = SettingRank::file;
  std::string file;
  std::size_t line = 0;
};

struct ServerSettings {
  std::string program;  // gunicorn, uvicorn, hypercorn, uwsgi; empty: not said
  std::map<std::string, Setting, std::less<>> set;  // by gunicorn's name of it: "worker_class"

  // Keeps what has a higher rank, and says what has not.
  void take(const std::string& name, Setting setting, Findings& findings);
  bool empty() const { return program.empty() && set.empty(); }
};

// Names that settings may have; what others say makes no difference to a simulation.
bool is_setting(std::string_view name);

// Says for each setting what became of it.
Service service_of(const ServerSettings& settings, Findings& findings);

}  // namespace cotenant
