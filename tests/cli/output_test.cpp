// SPDX-License-Identifier: Apache-2.0
//
// Output is all or nothing: whatever fails, the old file is intact and nothing else is left.
#include "cli/output.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <string>

#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

using Names = std::vector<std::string>;

std::string reason_of(const std::function<void()>& write) {
  try {
    write();
  } catch (const CannotWrite& error) {
    return error.what();
  }
  return "";
}

// Files cannot grow beyond this while the object lives: a full disk, without one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_handler_ = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit = {bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_ = {};
  void (*old_handler_)(int) = nullptr;
};

// Acts as an ordinary user while the object lives: for root no directory is read-only.
class OrdinaryUser {
 public:
  OrdinaryUser() { is_ordinary_ = geteuid() != 0 || seteuid(kNobody) == 0; }
  ~OrdinaryUser() { static_cast<void>(seteuid(getuid())); }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

  bool is_ordinary() const { return is_ordinary_; }

 private:
  static constexpr uid_t kNobody = 65534;  // on every Linux
  bool is_ordinary_ = false;
};

TEST_F(CliTest, OutputWritesTheFileAndNothingElse) {
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file + " --output " + path("report.txt")), 0);
  EXPECT_EQ(out(), "");
  EXPECT_EQ(read("report.txt").rfind("stub: ", 0), 0u);
  EXPECT_EQ(files(), (Names{"report.txt", "valid.json"}));
}

TEST_F(CliTest, OutputDoesNotDependOnTheTerminal) {
  const std::string file = valid_file();
  EXPECT_EQ(cli("run " + file + " --output " + path("a.txt")), 0);
  environment_.out_is_terminal = true;
  environment_.out_width = 160;
  EXPECT_EQ(cli("run " + file + " --output " + path("b.txt")), 0);
  EXPECT_EQ(read("a.txt"), read("b.txt"));
}

TEST_F(CliTest, OutputReplacesAFileAndKeepsItsPermissions) {
  const std::string file = write("report.json", "old");
  chmod(file.c_str(), 0640);
  write_file(file, "new");
  EXPECT_EQ(read("report.json"), "new");
  struct stat status = {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0640u);
}

TEST_F(CliTest, OutputKeepsASymbolicLink) {
  write("target.txt", "old");
  ASSERT_EQ(symlink("target.txt", path("link.txt").c_str()), 0);
  write_file(path("link.txt"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.txt")));
  EXPECT_EQ(read("target.txt"), "new");
}

TEST_F(CliTest, OutputDoesNotReplaceADevice) {
  write_file("/dev/null", "text");
  struct stat status = {};
  ASSERT_EQ(stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST_F(CliTest, AFullDiskLeavesTheOldFile) {
  const std::string file = write("report.json", "old");
  {
    const FileSizeLimit limit(1000);
    EXPECT_EQ(reason_of([&] { write_file(file, std::string(5000, 'x')); }),
              "cannot write " + file + ": File too large");
  }
  EXPECT_EQ(read("report.json"), "old");
  EXPECT_EQ(files(), (Names{"report.json"}));
}

TEST_F(CliTest, AFullDeviceIsReported) {
  EXPECT_EQ(cli("run " + valid_file() + " --output /dev/full"), number(ExitCode::cannot_write));
  EXPECT_EQ(err(), "cotenant: cannot write /dev/full: No space left on device\n");
}

TEST_F(CliTest, AFullStandardOutputIsReported) {
  std::ofstream full("/dev/full");
  Environment environment{in_, full, err_, stop_request_, environment_.clock};
  EXPECT_EQ(reason_of([&] { write_stream(environment.out, "text"); }),
            "cannot write standard output: No space left on device");
}

TEST_F(CliTest, AMissingDirectoryIsFoundBeforeTheRun) {
  const std::string output = path("none/report.json");
  EXPECT_EQ(cli("run " + valid_file() + " --output " + output), number(ExitCode::cannot_write));
  EXPECT_EQ(err(), "cotenant: cannot write " + output + ": No such file or directory\n");
  EXPECT_TRUE(asked_scenario_.name.empty()) << "the study ran although its result has no place";
}

TEST_F(CliTest, ADirectoryIsNotOverwritten) {
  const std::string directory = path("");
  EXPECT_EQ(cli("run " + valid_file() + " --output " + directory), number(ExitCode::cannot_write));
  EXPECT_EQ(err(), "cotenant: cannot write " + directory + ": Is a directory\n");
}

TEST_F(CliTest, AFileIsNotADirectory) {
  const std::string output = valid_file() + "/report.json";
  EXPECT_NE(reason_of([&] { check_writable(output); }).find("Not a directory"), std::string::npos);
}

TEST_F(CliTest, AReadOnlyDirectoryIsFoundBeforeTheRun) {
  std::filesystem::create_directory(path("locked"));
  // The directory above must be passable, so that this one is what stops the user.
  chmod(path("").c_str(), 0755);
  chmod(path("locked").c_str(), 0555);
  std::string early, late;
  {
    const OrdinaryUser user;
    if (!user.is_ordinary()) GTEST_SKIP() << "cannot become an ordinary user here";
    early = reason_of([&] { check_writable(path("locked/report.json")); });
    late = reason_of([&] { write_file(path("locked/report.json"), "text"); });
  }
  EXPECT_EQ(late, "cannot write " + path("locked/report.json") + ": Permission denied");
  EXPECT_TRUE(std::filesystem::is_empty(path("locked")));
  EXPECT_EQ(early, late);
}

}  // namespace
}  // namespace cotenant
