// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_memory.h"

#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

std::string limit_name(const std::string& machine, const std::string& group) {
  const std::string where = machine.empty() ? "hardware" : machine;
  return group.empty() ? where : where + "/" + group;
}

std::string killed(std::uint64_t processes) {
  return grouped(processes) + (processes == 1 ? " process killed" : " processes killed");
}

std::string use_of(const SetupReport& setup, const MachineCounters& machine,
                   const GroupCounters& group) {
  const GroupMemory& memory = *group.memory;
  std::string text = "Memory of " + limit_name(machine.name, group.name) + " in " + setup.name +
                     ": " + short_bytes(memory.mean) + " on average, at most " +
                     short_bytes(static_cast<double>(memory.peak));
  text += " of " + short_bytes(static_cast<double>(*memory.limit));
  if (memory.cache_mean > 0) text += "; page cache " + short_bytes(memory.cache_mean);
  if (memory.swap_mean > 0) text += "; in swap " + short_bytes(memory.swap_mean);
  if (memory.pressure_some > 0 && setup.observed > 0) {
    text += "; waited for " + whole_percent(memory.pressure_some / setup.observed) + " of the time";
    if (memory.pressure_full > 0) {
      text += ", with nothing else to run " + whole_percent(memory.pressure_full / setup.observed);
    }
  }
  if (memory.above_limit > 0 && setup.observed > 0) {
    text += "; above it " + whole_percent(memory.above_limit / setup.observed) +
            " of the time, with nobody left to kill";
  }
  return memory.oom_kills > 0 ? text + "; " + killed(memory.oom_kills) + " for it" : text;
}

std::string first_kill(const SetupReport& setup, const FirstOomKill& kill) {
  std::string text = "First process killed for lack of memory in " + setup.name + ": of " +
                     kill.service + " after " + short_time(kill.at) + ", by the limit of " +
                     limit_of(kill);
  const std::string runs = kill.replications == 1 ? " replication" : " replications";
  return text + " (kills in " + grouped(kill.replications) + runs + ")";
}

}  // namespace

std::string limit_of(const FirstOomKill& kill) { return limit_name(kill.machine, kill.group); }

std::vector<std::string> memory_use(const Report& report) {
  std::vector<std::string> lines;
  for (const SetupReport& setup : report.setups) {
    for (const MachineCounters& machine : setup.machines) {
      for (const GroupCounters& group : machine.groups) {
        if (!group.memory || !group.memory->limit) continue;
        lines.push_back(printable(use_of(setup, machine, group)));
      }
    }
    if (setup.first_oom_kill) {
      lines.push_back(printable(first_kill(setup, *setup.first_oom_kill)));
    }
  }
  return lines;
}

}  // namespace cotenant
