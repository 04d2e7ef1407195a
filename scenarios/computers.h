// SPDX-License-Identifier: Apache-2.0
//
// The computers of a setup, its hardware and its guests, seen alike, and who puts tasks onto them.
// For the checks: the views point into the setup.
#pragma once

#include <string>
#include <vector>

#include "models/cpu/cpu.h"
#include "scenarios/scenario.h"

namespace cotenant {

// The hardware of a setup or one of its guests: what has cores, a scheduler and groups.
struct Computer {
  std::string pointer;  // of the setup or the guest
  std::string guest;    // its name; empty for the hardware
  const Machine& machine;
  const Named<Group>& groups;

  bool imitates_linux() const {
    return cotenant::imitates_linux(*scheduler_kind_named(machine.scheduler));
  }
};

// Something that puts tasks onto a computer: a service, a neighbor, or a guest onto the hardware.
struct Tenant {
  std::string pointer;
  std::string guest;  // where it runs
  const Scheduling& scheduling;
  bool serves_requests = false;
  bool takes_cpu = true;
};

// The pointer is that of the setup; the hardware comes first.
std::vector<Computer> computers_of(const std::string& pointer, const Setup& setup);
std::vector<Tenant> tenants_of(const std::string& pointer, const Setup& setup);

}  // namespace cotenant
