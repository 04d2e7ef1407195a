// SPDX-License-Identifier: Apache-2.0
//
// A csv or csv.gz file as recorders write them: a header with the names of the columns, fields
// between commas without quotes, one row at a time. Problems are collected with their lines, so
// that all of them are told at once.
#pragma once

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
  // `pointer` is the place in the scenario that asked for the file. Throws std::runtime_error when
  // it cannot be opened, as the other functions do when it is damaged.
  CsvReader(const std::filesystem::path& file, std::string pointer);

  // False, with a problem, for a file without one.
  bool read_header();
  // The number of the column of that name; a problem if there is none.
  std::size_t column(const std::string& name);
  // Goes to the next row with as many fields as there are columns; false after the last one.
  bool next_row();

  std::string_view field(std::size_t column) const { return fields_[column]; }
  // A time in that column; a problem, and zero, if it is none. `what` it is called there.
  Duration time(std::string_view text, const std::string& unit, const std::string& what);

  void problem(const std::string& what, std::string nearest = {});
  void row_problem(const std::string& what);
  const Diagnostics& problems() const { return problems_; }

 private:
  LineReader lines_;
  std::string file_;
  std::string pointer_;
  std::string header_, line_;
  std::vector<std::string_view> names_, fields_;  // of header_ and line_
  Diagnostics problems_;
};

}  // namespace cotenant
