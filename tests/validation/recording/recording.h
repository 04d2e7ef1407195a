// SPDX-License-Identifier: Apache-2.0
//
// Made-up recordings on disk, for tests: a small run that is in order, of which a test spoils a
// part; and a recording of a simulation.
#pragma once

#include <string>

#include "tests/support/temporary_directory.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// The files of a bundle as texts. Those called .gz need not be compressed.
struct RecordingFiles {
  std::string experiment, summary, requests, resources;

  void write_to(const TemporaryDirectory& directory) const;
};

// Three requests of 10, 20 and 30 ms CPU, at 0.5, 1.5 and 2.5 s, one worker, 3 s with 1 s of
// warm-up.
RecordingFiles small_recording();

// The files with the first `part` of the experiment replaced.
RecordingFiles with_experiment(const std::string& part, const std::string& replacement);

// The bundle, which must be in order.
Bundle read_good(const RecordingFiles& files);

}  // namespace cotenant
