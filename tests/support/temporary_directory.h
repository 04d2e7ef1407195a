// SPDX-License-Identifier: Apache-2.0
//
// A directory that goes away with everything in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cotenant {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace cotenant
