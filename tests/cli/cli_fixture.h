// SPDX-License-Identifier: Apache-2.0
//
// Runs the command line program inside the test process: strings for streams, a made-up clock, and
// a study that answers at once with whatever the test wants, so that each exit code can be
// provoked.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/exit_code.h"

namespace cotenant {

class CliTest : public ::testing::Test {
 protected:
  CliTest();
  ~CliTest() override;

  // Runs with the words, which are split at spaces. The result is the exit code.
  int cli(const std::string& command);

  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  // A file in the directory of this test.
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::string write(const std::string& name, const std::string& text);
  std::string read(const std::string& name) const;
  // Names of the files in that directory, sorted.
  std::vector<std::string> files() const;

  // A valid scenario with the two setups "vps" and "shared".
  std::string valid_file();

  std::istringstream in_;
  std::ostringstream out_, err_;
  StopRequest stop_request_;
  double now_ = 0;
  Environment environment_;
  // What the study was last asked to do, and what it answers.
  StudyOptions asked_;
  Scenario asked_scenario_;
  std::filesystem::path asked_directory_;
  Report answer_;

 private:
  std::filesystem::path directory_;
};

}  // namespace cotenant
