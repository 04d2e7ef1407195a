// SPDX-License-Identifier: Apache-2.0
//
// Parts of the documentation that tests write when they are asked to: what stands between two
// marks.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace cotenant {

// Replaces what stands between the marks in a file of the source tree; false where they are not.
// The file is read now: what took long to measure belongs before the call, because other parts of
// the page may be edited meanwhile.
inline bool rewrite_between(const std::string& file, const std::string& begin_mark,
                            const std::string& end_mark, const std::string& text) {
  std::ostringstream read;
  read << std::ifstream(file).rdbuf();
  const std::string old = read.str();
  const std::size_t begin = old.find(begin_mark), end = old.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos) return false;
  std::ofstream(file) << old.substr(0, begin) << begin_mark << "\n"
                      << text << "\n"
                      << old.substr(end);
  return true;
}

}  // namespace cotenant
