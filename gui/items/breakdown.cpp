// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/breakdown.h"

namespace cotenant::gui {
namespace {

constexpr double kWorthABar = 0.01;

bool is_shown(const Report& report, Around around, std::size_t state) {
  for (const SetupReport& setup : report.setups) {
    const auto& breakdown = part(setup.wait_states, around);
    if (breakdown && breakdown->states[state] > kWorthABar * breakdown->latency) return true;
  }
  return false;
}

}  // namespace

const std::optional<WaitBreakdown>& part(const WaitBreakdowns& breakdowns, Around around) {
  switch (around) {
    case Around::mean:
      return breakdowns.mean;
    case Around::p50:
      return breakdowns.p50;
    case Around::p99:
      break;
  }
  return breakdowns.p99;
}

Breakdown breakdown_of(const Report& report, Around around) {
  Breakdown result;
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    if (is_shown(report, around, state)) result.states.push_back(static_cast<WaitState>(state));
  }
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const auto& breakdown = part(report.setups[i].wait_states, around);
    if (!report.setups[i].stability.stable) {
      result.growing.push_back(i);
      continue;
    }
    if (!breakdown) continue;
    Breakdown::Bar bar{i, {}};
    double rest = breakdown->latency;
    for (const WaitState state : result.states) {
      bar.seconds.push_back(breakdown->states[static_cast<std::size_t>(state)]);
      rest -= bar.seconds.back();
    }
    bar.seconds.push_back(rest > 0 ? rest : 0);
    result.bars.push_back(std::move(bar));
  }
  return result;
}

}  // namespace cotenant::gui
