// SPDX-License-Identifier: Apache-2.0
//
// What an importer made of its input, line by line: taken over, assumed because nothing said it, or
// ignored because nothing here can use it. Nothing is left out in silence.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cotenant {

enum class FindingKind { taken, assumed, ignored };

struct Finding {
  FindingKind kind = FindingKind::taken;
  std::string file;
  std::size_t line = 0;  // from 1; 0: the file as a whole
  std::string what;      // "workers"
  std::string text;      // what became of it
  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

// Findings of one file.
class FindingsOf {
 public:
  FindingsOf(Findings& list, std::string file) : list_(list), file_(std::move(file)) {}

  void taken(std::size_t line, std::string what, std::string text) {
    list_.push_back({FindingKind::taken, file_, line, std::move(what), std::move(text)});
  }
  void assumed(std::size_t line, std::string what, std::string text) {
    list_.push_back({FindingKind::assumed, file_, line, std::move(what), std::move(text)});
  }
  void ignored(std::size_t line, std::string what, std::string text) {
    list_.push_back({FindingKind::ignored, file_, line, std::move(what), std::move(text)});
  }

  const std::string& file() const { return file_; }
  Findings& list() const { return list_; }

 private:
  Findings& list_;
  std::string file_;
};

// A line for each, "taken    gunicorn.conf.py:3  workers: 5", wrapped at the width.
std::string findings_text(const Findings& findings, std::size_t width);
// An array of objects {kind, file, line, what, text}; line is null for a whole file.
std::string findings_json(const Findings& findings);

}  // namespace cotenant
