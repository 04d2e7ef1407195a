// SPDX-License-Identifier: Apache-2.0
//
// The command line of gunicorn, uvicorn, hypercorn or uwsgi, wherever it stands: in a Procfile, a
// compose file, a manifest.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validation/import/server_settings.h"

namespace cotenant {

// As a shell divides it: quotes and backslashes; variables stay as they are.
std::vector<std::string> shell_words(std::string_view command);

// Takes what the flags say into the settings; false where no server is started. `findings` are told
// of flags that nothing here can use.
bool read_server_command(const std::vector<std::string>& words, std::size_t line,
                         ServerSettings& settings, FindingsOf findings);

}  // namespace cotenant
