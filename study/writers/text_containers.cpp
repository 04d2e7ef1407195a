// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_containers.h"

#include "scenarios/quantity.h"
#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

std::string limits_of(const ContainerReport& container) {
  std::string text;
  if (container.cores) text += to_text(*container.cores) + " CPU";
  if (container.memory) {
    text += text.empty() ? "" : " and ";
    text += short_bytes(static_cast<double>(*container.memory));
  }
  return text.empty() ? "no limits" : "at most " + text;
}

// By the kernel: the score of who uses more than it has asked for may be above that of any other.
std::string fate_of(const ContainerReport& container) {
  const std::string when = " when the node has no memory left";
  if (container.qos_class == "Guaranteed") return "killed after all others" + when;
  if (container.qos_class == "BestEffort") {
    return "killed before all that use no more than they asked for" + when;
  }
  return "killed before Guaranteed ones" + when;
}

std::string sentence_of(const SetupReport& setup, const ContainerReport& container) {
  std::string text = "Container " + container.service + " in " + setup.name + ": " +
                     container.qos_class + ", cpu.weight " + std::to_string(container.weight) +
                     ", " + limits_of(container);
  if (!container.oom_score_adj) return text;
  text += ", oom_score_adj " + std::to_string(*container.oom_score_adj) + ": ";
  return text + fate_of(container);
}

}  // namespace

std::vector<std::string> containers(const Report& report) {
  std::vector<std::string> lines;
  for (const SetupReport& setup : report.setups) {
    for (const ContainerReport& container : setup.containers) {
      lines.push_back(printable(sentence_of(setup, container)));
    }
  }
  return lines;
}

}  // namespace cotenant
