// SPDX-License-Identifier: Apache-2.0
#include "scenarios/computers.h"

#include "scenarios/document.h"

namespace cotenant {

std::string computer_name(const std::string& node, const std::string& guest) {
  return node.empty() || guest.empty() ? node + guest : node + "/" + guest;
}

std::string hosting_pointer(const std::string& pointer, const std::string& node) {
  return node.empty() ? pointer : pointer + "/nodes" + pointer_token(node);
}

std::vector<Computer> computers_of(const std::string& pointer, const Setup& setup) {
  std::vector<Computer> computers;
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    const std::string place = hosting_pointer(pointer, node);
    computers.push_back({place, node, "", hosting.machine, hosting.groups, hosting.machine});
    for (const auto& [name, guest] : hosting.guests) {
      computers.push_back({place + "/guests" + pointer_token(name), node, name, guest.machine,
                           guest.groups, hosting.machine});
    }
  });
  return computers;
}

std::vector<Tenant> tenants_of(const std::string& pointer, const Setup& setup) {
  std::vector<Tenant> tenants;
  for (const auto& [name, placement] : setup.services) {
    tenants.push_back({pointer + "/services" + pointer_token(name), placement.node, placement.guest,
                       placement.scheduling, true});
  }
  for_each_hosting(setup, [&](const std::string& node, const Hosting& hosting) {
    const std::string place = hosting_pointer(pointer, node);
    for (const auto& [name, neighbor] : hosting.neighbors) {
      tenants.push_back({place + "/neighbors" + pointer_token(name), node, neighbor.guest,
                         neighbor.scheduling, false, !neighbor.files});
    }
    for (const auto& [name, guest] : hosting.guests) {
      tenants.push_back({place + "/guests" + pointer_token(name), node, "", guest.scheduling});
    }
  });
  return tenants;
}

std::optional<Computer> computer_of(const Setup& setup, const Placement* placement) {
  static const Placement kUnplaced;
  const Placement& place = placement != nullptr ? *placement : kUnplaced;
  for (const Computer& computer : computers_of("", setup)) {
    if (computer.node == place.node && computer.guest == place.guest) return computer;
  }
  return std::nullopt;
}

}  // namespace cotenant
