// SPDX-License-Identifier: Apache-2.0
//
// Reading scenario files, bounded, with one clear sentence when it fails. Says nothing about what
// is in them.
#pragma once

#include <filesystem>
#include <istream>
#include <stdexcept>
#include <string>

namespace cotenant {

// "cannot read web.json: Is a directory".
class CannotRead : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Input {
  std::string name;                 // for messages
  std::filesystem::path directory;  // where the files that it names are looked up
  std::string text;
};

// "-" is `in`. Reads a little more than the largest scenario at most, so that an endless file ends;
// the decoder rejects what is too large. Throws CannotRead.
Input read_input(const std::string& file, std::istream& in);

}  // namespace cotenant
