// SPDX-License-Identifier: Apache-2.0
//
// A Procfile: "web: gunicorn shop.wsgi -w 4".
#pragma once

#include <string_view>

#include "validation/import/server_settings.h"

namespace cotenant {

bool looks_like_procfile(std::string_view text);

void read_procfile(std::string_view text, ServerSettings& settings, FindingsOf findings);

}  // namespace cotenant
