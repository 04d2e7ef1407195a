// SPDX-License-Identifier: Apache-2.0
//
// manifest.json of a bundle, format 1: what was captured and how it was configured, and, once the
// writer is done, how many rows each file has and their checksum.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/base/diagnostics.h"
#include "validation/capture/capture.h"

namespace cotenant {

inline constexpr int kBundleFormat = 1;

struct BundleFile {
  std::string name;
  std::int64_t rows = 0;
  std::uint32_t sum = 0;  // CRC-32 of its bytes
};

struct Manifest {
  Capture capture;  // without classes, requests and samples
  std::vector<BundleFile> files;
};

std::string manifest_text(const Capture& capture, const std::vector<BundleFile>& files);

// Throws std::runtime_error when the file cannot be read.
Checked<Manifest> read_manifest(const std::filesystem::path& directory);

}  // namespace cotenant
