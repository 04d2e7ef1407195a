// SPDX-License-Identifier: Apache-2.0
#include "tests/live/running.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cotenant::test {
namespace {

constexpr std::chrono::seconds kLongEnough(60);

sockaddr_in loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

class Socket {
 public:
  Socket() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval longest = {kLongEnough.count(), 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  }
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connect_to(int port) const {
    const sockaddr_in address = loopback(port);
    return connect(descriptor_, plain(address), sizeof address) == 0;
  }
  // The whole reply; the server closes the connection.
  std::string ask(const std::string& request) const {
    std::string reply;
    if (send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return reply;
    std::array<char, 4096> buffer;
    for (ssize_t count = 0; (count = recv(descriptor_, buffer.data(), buffer.size(), 0)) > 0;) {
      reply.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return reply;
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

Running::Running(std::vector<std::string> words, const std::filesystem::path& output,
                 const std::vector<std::filesystem::path>& groups) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  id_ = session_ = fork();
  if (id_ < 0) throw std::runtime_error("cannot fork");
  if (id_ > 0) return;
  setsid();
  const std::string id = std::to_string(getpid());
  for (const std::filesystem::path& group : groups) {
    const int file = open(group.c_str(), O_WRONLY);
    if (file < 0 || write(file, id.data(), id.size()) < 0) _exit(125);
    close(file);
  }
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(pointers[0], pointers.data());
  _exit(126);
}

Running::~Running() { kill_all(); }

int Running::wait() {
  int status = 0;
  waitpid(id_, &status, 0);
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int Running::end(int signal) {
  kill(id_, signal);
  return wait();
}

void Running::kill_all() {
  // The session outlives its leader as long as a worker is in it, and so does its number.
  if (session_ > 0) kill(-session_, SIGKILL);
  session_ = -1;
  if (id_ > 0) wait();
}

bool wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kLongEnough;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

bool is_listening(int port) { return Socket().connect_to(port); }

int free_port() {
  const Socket socket;
  const sockaddr_in any = loopback(0);
  sockaddr_in got = {};
  socklen_t size = sizeof got;
  if (bind(socket.descriptor(), plain(any), sizeof any) != 0) throw std::runtime_error("no port");
  getsockname(socket.descriptor(), static_cast<sockaddr*>(static_cast<void*>(&got)), &size);
  return ntohs(got.sin_port);
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

int send_requests(int port, int count) {
  int answered = 0;
  for (int i = 0; i < count; ++i) {
    const Socket socket;
    if (!socket.connect_to(port)) continue;
    const std::string reply = socket.ask("GET /items/" + std::to_string(i) +
                                         "?user=secret HTTP/1.1\r\nHost: shop\r\n"
                                         "Connection: close\r\n\r\n");
    if (reply.starts_with("HTTP/1.1 200")) ++answered;
  }
  return answered;
}

}  // namespace cotenant::test
