// SPDX-License-Identifier: Apache-2.0
//
// Writes a capture bundle, format 1, piece by piece in bounded memory: rows are kept until flush(),
// which appends them to the files as gzip members. A writer that is killed leaves what was flushed,
// and a manifest that says that the bundle is not complete. docs/bundle-format.md has the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "validation/capture/capture.h"

namespace cotenant {

// "cannot write shop.bundle/requests.csv.gz: No space left on device".
class CannotWriteBundle : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a class may be called in a bundle: text in one line without a query string, because queries
// hold what is nobody else's business.
std::string class_name(std::string_view text);

class BundleWriter {
 public:
  // Makes the folder, which must not exist or be empty. Of the capture only what manifest.json has
  // is taken, and its classes. Throws CannotWriteBundle, as all others do.
  BundleWriter(std::filesystem::path folder, const Capture& description);
  // Leaves what was flushed.
  ~BundleWriter();
  BundleWriter(const BundleWriter&) = delete;
  BundleWriter& operator=(const BundleWriter&) = delete;

  // The index of a class of that name, which is new or not.
  std::uint32_t class_index(std::string_view name);

  // In any order; the reader puts them in that of arrival.
  void add(const CapturedRequest& request);
  // The group is an index into those of the description. Samples of a group are in order of time.
  void add(std::uint32_t group, const GroupSample& sample);
  void add(const HostSample& sample);

  // Writes the manifest anew: a group was added, a remark was made.
  void describe(const Capture& description);
  // Everything that was added is in the files after this.
  void flush();
  // Flushes, and says that the bundle is complete.
  void finish(const Capture& description);

 private:
  // A file, and what is still to be written to it.
  struct Stream {
    std::string name;
    std::string text;
    std::int64_t rows = 0;
    std::uint32_t sum = 0;
    int descriptor = -1;
  };
  enum StreamIndex { kClasses, kRequests, kGroups, kHost, kStreams };

  void open(StreamIndex index, const char* name, std::string header);
  void end_row(StreamIndex index);
  void write(Stream& stream);
  void write_manifest(const Capture& description, bool complete);

  std::filesystem::path folder_;
  std::vector<Stream> streams_;
  std::map<std::string, std::uint32_t, std::less<>> classes_;
};

// All of it at once.
void write_bundle(const std::filesystem::path& folder, const Capture& capture);

}  // namespace cotenant
