// SPDX-License-Identifier: Apache-2.0
//
// The computers of a setup, its hardware, its nodes and their guests, seen alike, and who puts
// tasks onto them. The views point into the setup.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/cpu/cpu.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Calls visit(name, hosting) for the setup itself, whose name is empty, and then for its nodes.
template <class AnySetup, class Visit>
void for_each_hosting(AnySetup& setup, Visit visit) {
  visit(std::string(), setup);
  for (auto& [name, node] : setup.nodes) visit(name, node);
}

// What a computer is called in reports: "" is the hardware of the setup, "vm" a guest on it, "db" a
// node, and "db/vm" a guest on that.
std::string computer_name(const std::string& node, const std::string& guest);

// The hardware of a setup or of a node, or a guest on it: what has cores, a scheduler and groups.
struct Computer {
  std::string pointer;  // of the setup, node or guest
  std::string node;     // its name; empty for the setup itself
  std::string guest;    // its name; empty for hardware
  const Machine& machine;
  const Named<Group>& groups;
  const Machine& hardware;  // where it is, or what it is

  std::string name() const { return computer_name(node, guest); }
  bool imitates_linux() const {
    return cotenant::imitates_linux(*scheduler_kind_named(machine.scheduler));
  }
};

// Something that puts tasks onto a computer: a service, a neighbor, or a guest onto the hardware.
struct Tenant {
  std::string pointer;
  std::string node, guest;  // where it runs
  const Scheduling& scheduling;
  bool serves_requests = false;
  bool takes_cpu = true;

  bool runs_on(const Computer& computer) const {
    return node == computer.node && guest == computer.guest;
  }
};

// The pointer is that of the setup; hardware comes before its guests.
std::vector<Computer> computers_of(const std::string& pointer, const Setup& setup);
std::vector<Tenant> tenants_of(const std::string& pointer, const Setup& setup);

// That of the setup or of one of its nodes; the pointer is that of the setup.
std::string hosting_pointer(const std::string& pointer, const std::string& node);

// Where the service runs; null: it is placed nowhere in particular. Nothing if there is no such
// node or guest.
std::optional<Computer> computer_of(const Setup& setup, const Placement* placement);

}  // namespace cotenant
