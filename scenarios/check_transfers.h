// SPDX-License-Identifier: Apache-2.0
//
// Checks of what clients send and receive.
#pragma once

#include <string>

#include "scenarios/checker.h"
#include "scenarios/scenario.h"

namespace cotenant {

// The size of what the client receives.
const SizeLaw& reply_of(const RequestClass& request);

// Always nothing.
bool is_empty(const SizeLaw& law);

// What a law of sizes says of itself.
void check_size(Checker& checker, const std::string& pointer, const SizeLaw& law);

// The sizes of a class; the service that its requests go to, null where that is not known.
void check_bodies(Checker& checker, const std::string& pointer, const RequestClass& request,
                  const Service* service);

// The links of clients.
void check_links(Checker& checker, const Clients& clients);

}  // namespace cotenant
