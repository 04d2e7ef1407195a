// SPDX-License-Identifier: Apache-2.0
//
// A csv or csv.gz file as recorders write them: a header with the names of the columns, fields
// between commas without quotes, one row at a time. Problems are collected with their lines, so
// that all of them are told at once; what is read in spite of one is zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/line_reader.h"
#include "sim/base/diagnostics.h"
#include "sim/base/units.h"

namespace cotenant {

class CsvReader {
 public:
  // Problems are told of the file itself. Throws std::runtime_error when it cannot be opened, as
  // the other functions do when it is damaged.
  explicit CsvReader(const std::filesystem::path& file);
  // Problems are told of `pointer`, the place in the scenario that asked for the file.
  CsvReader(const std::filesystem::path& file, std::string pointer);

  // False, with a problem, for a file without one.
  bool read_header();
  // The number of the column of that name; a problem if there is none.
  std::size_t column(const std::string& name);
  // Goes to the next row with as many fields as there are columns; false after the last one.
  bool next_row();

  // Of that row, by the number of the column.
  std::string_view field(std::size_t column) const { return fields_[column]; }
  // A whole number, whose microseconds fit into 64 bits of nanoseconds.
  std::int64_t whole(std::size_t column);
  // A whole number below `count`.
  std::size_t code(std::size_t column, std::size_t count);
  // `text` is that of a field, or a part of one; `what` it is called in problems.
  Duration time(std::string_view text, const std::string& unit, const std::string& what);

  void problem(const std::string& what, std::string nearest = {});
  void row_problem(const std::string& what);
  const Diagnostics& problems() const { return problems_; }

 private:
  LineReader lines_;
  std::string pointer_;
  std::string subject_;  // of the sentences; empty where the pointer says it
  std::string header_, line_;
  std::vector<std::string_view> names_, fields_;  // of header_ and line_
  Diagnostics problems_;
};

}  // namespace cotenant
