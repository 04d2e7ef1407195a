// SPDX-License-Identifier: Apache-2.0
//
// gunicorn.conf.py, which is Python: assignments whose values can be told without running it are
// taken, and everything else is said to be ignored.
#pragma once

#include <string_view>

#include "validation/import/python_value.h"
#include "validation/import/server_settings.h"

namespace cotenant {

void read_gunicorn_settings(std::string_view text, PythonWorld& world, ServerSettings& settings,
                            FindingsOf findings);

}  // namespace cotenant
