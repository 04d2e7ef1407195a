// SPDX-License-Identifier: Apache-2.0
//
// Columns of a recorded csv or csv.gz file by name, row by row. Fields are numbers and texts
// without quotes, as all recordings have them. What is wrong becomes a diagnostic with its line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/line_reader.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

class CsvReader {
 public:
  // Throws std::runtime_error when the file cannot be opened or decompressed.
  CsvReader(const std::filesystem::path& file, const std::vector<std::string>& columns,
            Diagnostics& diagnostics);

  // The next row; false after the last one, and when columns are missing. Throws as the
  // constructor.
  bool next();

  // Of that row, by the position of the column in what was asked for.
  std::string_view text(std::size_t column) const { return fields_[positions_[column]]; }
  // 0 and a diagnostic when it is not a whole number.
  std::int64_t whole(std::size_t column);
  // One of `count` that are counted from 0.
  std::size_t code(std::size_t column, std::size_t count);

 private:
  void problem(const std::string& what);
  void split(std::string_view line);

  LineReader lines_;
  std::string name_;
  Diagnostics& diagnostics_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> positions_;
  std::size_t width_ = 0;
  bool usable_ = true;
  std::string line_;
  std::vector<std::string_view> fields_;
};

}  // namespace cotenant
