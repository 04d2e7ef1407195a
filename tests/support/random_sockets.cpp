// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_sockets.h"

#include "tests/support/die.h"

namespace cotenant {
namespace {

// Runs are shorter than a minute, so that ports that are closed first stay away unless they are
// reused.
void set_ports(Die& die, Machine& machine) {
  machine.local_ports = die.chance(0.5) ? die.whole(1, 8) : die.whole(9, 200);
  machine.tcp_tw_reuse = die.whole(0, 2);
}

}  // namespace

void add_sockets(Scenario& scenario, std::uint64_t seed) {
  Die die(~seed);
  if (die.chance(0.4)) {
    for (auto& [name, setup] : scenario.setups) {
      set_ports(die, setup.machine);
      for (auto& [guest_name, guest] : setup.guests) set_ports(die, guest.machine);
    }
  }
}

}  // namespace cotenant
