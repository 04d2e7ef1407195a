// SPDX-License-Identifier: Apache-2.0
//
// What a file is, by its content: names say little.
#pragma once

#include <optional>
#include <string_view>

#include "validation/import/access_log_format.h"

namespace cotenant {

enum class InputKind { access_log, gunicorn, procfile, compose, kubernetes, unknown };

std::string_view kind_name(InputKind kind);

// Of what is no access log.
InputKind detect_settings(std::string_view text);

}  // namespace cotenant
