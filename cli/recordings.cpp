// SPDX-License-Identifier: Apache-2.0
#include "cli/recordings.h"

#include <utility>

#include "cli/load.h"
#include "validation/capture/read_capture.h"

namespace cotenant {

Recordings read_recordings(const std::vector<std::string>& folders, Environment& environment) {
  Recordings recordings;
  const auto refuse = [&](const Diagnostics& problems, const std::string& folder) {
    print(problems, folder, environment.err);
    recordings.all_valid = false;
  };
  for (const std::string& folder : folders) {
    if (is_capture(folder)) {
      Checked<Capture> capture = read_capture(folder);
      if (!capture.ok()) {
        refuse(capture.diagnostics(), folder);
      } else {
        recordings.input.captures.push_back({std::move(capture).value(), folder});
      }
      continue;
    }
    Checked<Bundle> bundle = read_bundle(folder);
    if (!bundle.ok()) {
      refuse(bundle.diagnostics(), folder);
    } else {
      recordings.input.recordings.push_back(std::move(bundle).value());
    }
  }
  return recordings;
}

}  // namespace cotenant
