// SPDX-License-Identifier: Apache-2.0
//
// The real program as a process with its output in pipes; killed if it is still there at the end of
// a test.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace cotenant {

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
  enum class AsNobody { no, if_root };
  static constexpr int kCannotBecomeNobody = 125;

  explicit Program(std::vector<std::string> words, AsNobody as_nobody = AsNobody::no) {
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
      constexpr uid_t kNobody = 65534;  // on every Linux
      if (as_nobody == AsNobody::if_root && geteuid() == 0 && setuid(kNobody) != 0) {
        _exit(kCannotBecomeNobody);
      }
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
  // Leaves it to wait() to collect the exit code.
  bool has_ended() const {
    siginfo_t info = {};
    waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == pid_;
  }
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

}  // namespace cotenant
