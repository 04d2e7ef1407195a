// SPDX-License-Identifier: Apache-2.0
//
// What is wrong with some input, said once and for every face: the command line prints it in the
// style of compilers, the graphical editor shows it beside the field. All problems of an input are
// collected, so that the user repairs a file in one go. Only for bad input: programmer errors are
// assertions (sim/base/assert.h), misfortune of the simulated world is data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {

// Where a token starts, both counted from 1, the column in code points as editors count. Line 0:
// the value is not from the file (it was given by --set, or there is nothing to point at).
struct Position {
  int line = 0;
  int column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

struct Diagnostic {
  std::string pointer;  // JSON pointer (RFC 6901) of the value; empty: the whole document
  int line = 0;
  int column = 0;
  std::string message;   // what is wrong, complete in itself; no full stop
  std::string expected;  // what would be right: "a whole number from 1 to 4096"; may be empty
  std::string nearest;   // the valid name closest to the one found; may be empty

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// "web.json:12:17: error: /setups/vps/machine/cores: must be …; did you mean "…"?"
std::string render(const Diagnostic& diagnostic, std::string_view file);

class Diagnostics {
 public:
  // A hostile file can have a problem every few bytes; nobody reads beyond this many.
  static constexpr std::size_t kMax = 1000;

  void add(Diagnostic diagnostic);
  void add(Diagnostics other);

  // By position in the file, problems at one position in the order they were found.
  void sort();

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  std::size_t left_out() const { return left_out_; }  // found beyond kMax
  const Diagnostic& operator[](std::size_t index) const { return list_[index]; }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

  friend bool operator==(const Diagnostics&, const Diagnostics&) = default;

 private:
  std::vector<Diagnostic> list_;
  std::size_t left_out_ = 0;
};

// One line per diagnostic, each ended by a newline.
std::string render(const Diagnostics& diagnostics, std::string_view file);

// A value, or the reasons why there is none.
template <class T>
class [[nodiscard]] Checked {
 public:
  Checked(T value) : value_(std::move(value)) {}  // NOLINT: implicit, so that `return value;` works
  Checked(Diagnostics diagnostics) : diagnostics_(std::move(diagnostics)) {  // NOLINT: as above
    COTENANT_ASSERT(!diagnostics_.empty());
    diagnostics_.sort();
  }

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    COTENANT_ASSERT(ok());
    return *value_;
  }
  T&& value() && {
    COTENANT_ASSERT(ok());
    return *std::move(value_);
  }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }

  // Empty exactly when ok().
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  std::optional<T> value_;
  Diagnostics diagnostics_;
};

}  // namespace cotenant
