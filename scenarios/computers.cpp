// SPDX-License-Identifier: Apache-2.0
#include "scenarios/computers.h"

#include "scenarios/document.h"

namespace cotenant {

std::vector<Computer> computers_of(const std::string& pointer, const Setup& setup) {
  std::vector<Computer> computers = {{pointer, "", setup.machine, setup.groups}};
  for (const auto& [name, guest] : setup.guests) {
    computers.push_back(
        {pointer + "/guests" + pointer_token(name), name, guest.machine, guest.groups});
  }
  return computers;
}

std::vector<Tenant> tenants_of(const std::string& pointer, const Setup& setup) {
  std::vector<Tenant> tenants;
  for (const auto& [name, placement] : setup.services) {
    tenants.push_back(
        {pointer + "/services" + pointer_token(name), placement.guest, placement.scheduling, true});
  }
  for (const auto& [name, neighbor] : setup.neighbors) {
    tenants.push_back({pointer + "/neighbors" + pointer_token(name), neighbor.guest,
                       neighbor.scheduling, false, !neighbor.files});
  }
  for (const auto& [name, guest] : setup.guests) {
    tenants.push_back({pointer + "/guests" + pointer_token(name), "", guest.scheduling});
  }
  return tenants;
}

}  // namespace cotenant
