// SPDX-License-Identifier: Apache-2.0
#include "scenarios/descriptors.h"

#include <algorithm>
#include <string>

#include "scenarios/fields_application.h"

namespace cotenant {
namespace {

std::string_view name_of(const Service& service) {
  std::string_view name;
  std::size_t index = 0;
  alternatives(Of<decltype(Service::server)>(), [&](auto, std::string_view server) {
    if (index++ == service.server.index()) name = server;
  });
  return name;
}

}  // namespace

std::optional<std::int64_t> nofile_of(const Service& service) {
  return std::visit(
      [](const auto& server) -> std::optional<std::int64_t> {
        if constexpr (requires { server.nofile; }) return server.nofile;
        return std::nullopt;
      },
      service.server);
}

std::int64_t own_descriptors(const Service& service) {
  const auto* const own =
      std::find_if(kOwnDescriptors.begin(), kOwnDescriptors.end(),
                   [&](const OwnDescriptors& each) { return each.server == name_of(service); });
  COTENANT_ASSERT(own != kOwnDescriptors.end());
  return own->count;
}

}  // namespace cotenant
