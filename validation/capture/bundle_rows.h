// SPDX-License-Identifier: Apache-2.0
//
// The rows of one file of a bundle: a header with the names of the columns, then fields between
// commas. Columns are found by name; those that are not known are left alone. Says what is wrong
// with the file, and ends at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"
#include "sim/base/units.h"
#include "validation/capture/gzip_members.h"
#include "validation/capture/manifest.h"

namespace cotenant {

class BundleRows {
 public:
  enum class LastColumn { number, text };  // which may hold commas

  // Throws std::runtime_error when the file cannot be opened, as next() does when it cannot be
  // read.
  BundleRows(const std::filesystem::path& file, LastColumn last, Diagnostics& diagnostics);

  // Goes to the next row; false after the last one that is whole, and after a problem.
  bool next();
  // Sets the values of a row from its fields; to be called by a visit_…() for each column, always
  // in the same order.
  template <class T>
  void operator()(const char* name, T& value) {
    const std::string_view text = field(name, true);
    set(name, text, value);
  }
  template <class T>
  void operator()(const char* name, std::optional<T>& value) {
    const std::string_view text = field(name, false);
    value.reset();
    if (!text.empty()) set(name, text, value.emplace());
  }
  // The last column of a row, where it is text.
  std::string_view last_text() const;

  void problem(const std::string& what);
  bool has_problem() const { return has_problem_; }

  // After the last row: against what the manifest says, if it says anything. The answer is a remark
  // about a file that has no end, else empty.
  std::string finish(const std::optional<BundleFile>& expected);

 private:
  bool next_line();
  bool split_line();
  std::string_view field(const char* name, bool is_required);
  std::int64_t whole(const char* name, std::string_view text, std::int64_t low, std::int64_t high);

  void set(const char* name, std::string_view text, std::int64_t& value);
  void set(const char* name, std::string_view text, std::int32_t& value);
  void set(const char* name, std::string_view text, std::uint32_t& value);
  void set(const char* name, std::string_view text, Duration& value);
  void set(const char* name, std::string_view text, CpuTime& value);
  void set(const char* name, std::string_view text, Bytes& value);

  static constexpr std::size_t kNotThere = static_cast<std::size_t>(-1);

  std::string name_;
  LastColumn last_;
  Diagnostics& diagnostics_;
  GzipMembers members_;
  std::string member_;
  std::size_t place_ = 0;  // in the member
  std::string_view line_;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> columns_;  // of header_, in the order of the visit
  std::size_t visited_ = 0;           // columns of this row
  std::int64_t lines_ = 0;
  bool has_problem_ = false;
};

}  // namespace cotenant
