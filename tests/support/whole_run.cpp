// SPDX-License-Identifier: Apache-2.0
#include "tests/support/whole_run.h"

#include <cstdint>
#include <string>

#include "tests/support/invariants.h"

namespace cotenant {
namespace {

// A burst ends at a whole nanosecond, and what it was given beyond its work does not count. Usage
// also drops fractions of a nanosecond, for each group and weight or for each core. What imitates
// Linux changes speeds between events, where the switch from one task to the next is over.
void check_given(Walked& walked, const Blueprint& blueprint, MachineId id) {
  const MachineSpec& machine = blueprint.machines[id];
  if (imitates_linux(machine.scheduler)) return;
  const std::int64_t given = walked.speed_integrals[id.index()];
  const std::int64_t used = walked.record.machines[id].cpu_used().count();
  const auto tasks = static_cast<std::int64_t>(machine.cpu.tasks.size());
  const std::int64_t surplus = given - used;
  if (surplus >= -1 && surplus <= walked.bursts[id.index()] + 2 * tasks + 1) return;
  walked.complaints.push_back("tasks of machine \"" + machine.name + "\" were given " +
                              std::to_string(given) + " ns of CPU, its root group used " +
                              std::to_string(used));
}

}  // namespace

void check_run(Walked& walked, const Blueprint& blueprint) {
  Complaints& complaints = walked.complaints;
  check_counts(walked.record, complaints);
  check_outcomes(walked.record, blueprint, complaints);
  check_usage(walked.record, blueprint, complaints);
  check_little(walked.record, walked.sojourns, complaints);
  std::uint64_t recorded = 0;
  std::uint64_t attempts = 0;
  for (const ClassRecord& of_class : walked.record.classes) {
    recorded += of_class.arrivals;
    for (const std::uint64_t each : of_class.attempts) attempts += each;
  }
  if (attempts != walked.attempts) {
    complaints.push_back("the recorder saw " + std::to_string(attempts) + " of " +
                         std::to_string(walked.attempts) + " attempts");
  }
  if (recorded != walked.arrivals) {
    complaints.push_back("the recorder saw " + std::to_string(recorded) + " of " +
                         std::to_string(walked.arrivals) + " arrivals");
  }
  for (std::uint32_t m = 0; m < blueprint.machines.size(); ++m) {
    check_given(walked, blueprint, MachineId(m));
  }
}

}  // namespace cotenant
