// SPDX-License-Identifier: Apache-2.0
//
// Real programs for the live tests: started, ended by their id, and gone when a test ends. Whatever
// is waited for is waited for so long and no longer.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cotenant::test {

class Running {
 public:
  // Both outputs go to the file. Whatever is in `groups` are files to which the process writes its
  // id before it becomes the program: cgroup.procs.
  Running(std::vector<std::string> words, const std::filesystem::path& output,
          const std::vector<std::filesystem::path>& groups = {});
  ~Running();  // ends it, and those that it has started
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t id() const { return id_; }
  // Sends the signal to the process alone, and waits for its end: the exit code, or minus the
  // signal.
  int end(int signal);
  // Kills it and all that it has started, which are in a session of their own.
  void kill_all();

 private:
  int wait();

  pid_t id_ = -1;
  pid_t session_ = -1;
};

// False after 60 s, which nothing here takes on any machine that works.
bool wait_until(const std::function<bool()>& condition);

bool is_listening(int port);
// A port of loopback that nobody has now.
int free_port();

std::string text_of(const std::filesystem::path& file);
std::size_t lines_of(const std::filesystem::path& file);

// How many of so many requests were answered with 200, one after the other.
int send_requests(int port, int count);

}  // namespace cotenant::test
