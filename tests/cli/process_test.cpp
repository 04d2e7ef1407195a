// SPDX-License-Identifier: Apache-2.0
//
// The real program as a process: signals and closed pipes. Nothing here waits for a time: the tests
// read until something is written, and the program is killed if it does not end.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/signals.h"
#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    reader = ends[0];
    writer = ends[1];
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_reader() { close_end(reader); }
  void close_writer() { close_end(writer); }
  // Until the other end is closed.
  std::string read_all() const { return read_some(false); }
  // Until there is something.
  std::string read_once() const { return read_some(true); }

  int reader, writer;

 private:
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  std::string read_some(bool once) const {
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t count = read(reader, buffer.data(), buffer.size());
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (once) return text;
    }
  }
};

// The program, with its output in pipes.
class Program {
 public:
  explicit Program(std::vector<std::string> words) {
    words.insert(words.begin(), COTENANT_PROGRAM);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out.writer, STDOUT_FILENO);
      dup2(err.writer, STDERR_FILENO);
      // What a shell would have set.
      ::signal(SIGPIPE, SIG_DFL);
      execv(COTENANT_PROGRAM, pointers.data());
      _exit(126);
    }
    out.close_writer();
    err.close_writer();
  }
  ~Program() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal_number) { kill(pid_, signal_number); }
  // The exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  Pipe out, err;

 private:
  pid_t pid_ = -1;
};

// More work than anybody would wait for, in runs short enough that a stop is noticed soon.
std::vector<std::string> long_run(const std::string& file) {
  return {"run",  file,    "--replications",     "1000000", "--progress",     "--format",
          "json", "--set", "study.duration=10s", "--set",   "study.warmup=1s"};
}

class InterruptedBy : public CliTest, public ::testing::WithParamInterface<int> {};

TEST_P(InterruptedBy, ReportsWhatIsDone) {
  Program program(long_run(valid_file()));
  ASSERT_NE(program.err.read_once(), "") << "no progress came";
  program.send(GetParam());
  const std::string text = program.out.read_all();
  EXPECT_EQ(program.wait(), number(ExitCode::interrupted));
  const auto report = nlohmann::json::parse(text);
  EXPECT_EQ(report.at("provenance").at("complete"), false);
  EXPECT_EQ(report.at("provenance").at("incomplete_because"), "interrupted");
  EXPECT_GT(report.at("provenance").at("events"), 0);
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedBy, ::testing::Values(SIGINT, SIGTERM));

TEST_F(CliTest, AnInterruptedRunWritesItsFileWhole) {
  std::vector<std::string> words = long_run(valid_file());
  words.insert(words.end(), {"--output", path("report.json")});
  Program program(words);
  ASSERT_NE(program.err.read_once(), "");
  program.send(SIGINT);
  EXPECT_EQ(program.wait(), number(ExitCode::interrupted));
  EXPECT_EQ(nlohmann::json::parse(read("report.json")).at("format"), 1);
  EXPECT_EQ(files(), (std::vector<std::string>{"report.json", "valid.json"}));
}

TEST(Signals, TheSecondInterruptEndsTheProgramAtOnce) {
  EXPECT_EXIT(
      {
        handle_signals();
        raise(SIGINT);
        raise(SIGINT);
        _exit(1);
      },
      ::testing::ExitedWithCode(number(ExitCode::interrupted)), "");
}

TEST_F(CliTest, AClosedPipeIsAnErrorOfOutput) {
  Program program(long_run(valid_file()));
  ASSERT_NE(program.err.read_once(), "");
  // Nobody reads any more when the program, still busy, comes to write.
  program.out.close_reader();
  program.send(SIGINT);
  const std::string said = program.err.read_all();
  EXPECT_EQ(program.wait(), number(ExitCode::cannot_write));
  EXPECT_NE(said.find("cotenant: cannot write standard output: Broken pipe\n"), std::string::npos)
      << said;
}

TEST(Process, EndsCleanlyOnSuccess) {
  Program program({"version"});
  EXPECT_EQ(program.out.read_all().rfind("cotenant ", 0), 0u);
  EXPECT_EQ(program.err.read_all(), "");
  EXPECT_EQ(program.wait(), 0);
}

}  // namespace
}  // namespace cotenant
