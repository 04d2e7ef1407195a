// SPDX-License-Identifier: Apache-2.0
//
// `cotenant capture` on real servers on this machine: gunicorn, and uvicorn behind nginx. What a
// bundle says is held against what was sent and what the kernel says. Nothing here looks at how
// long anything took.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/live/running.h"
#include "tests/support/temporary_directory.h"
#include "validation/capture/read_capture.h"
#include "validation/capture/recorder/processes.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;
using test::Running;
using test::wait_until;

const std::string kGunicornLog =
    R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s )"
    R"(cpu_us=%({x-cpu-us}o)s)";

// Of version 1 or 2, made for one test.
class OwnGroup {
 public:
  OwnGroup() {
    const std::string name = "cotenant-live-" + std::to_string(getpid());
    const fs::path mount = "/sys/fs/cgroup";
    std::vector<fs::path> hierarchies = {mount};
    if (fs::exists(mount / "cpuacct")) {
      hierarchies = {mount / "cpu", mount / "cpuacct", mount / "memory"};
    }
    for (const fs::path& hierarchy : hierarchies) {
      std::error_code error;
      if (fs::create_directory(hierarchy / name, error)) folders_.push_back(hierarchy / name);
    }
    is_there_ = folders_.size() == hierarchies.size() && set_limits();
  }
  ~OwnGroup() {
    for (const fs::path& folder : folders_) {
      wait_until([&] { return rmdir(folder.c_str()) == 0; });
    }
  }
  OwnGroup(const OwnGroup&) = delete;
  OwnGroup& operator=(const OwnGroup&) = delete;

  explicit operator bool() const { return is_there_; }
  std::vector<fs::path> process_files() const {
    std::vector<fs::path> files;
    for (const fs::path& folder : folders_) files.push_back(folder / "cgroup.procs");
    return files;
  }

 private:
  static bool write(const fs::path& file, const std::string& text) {
    return static_cast<bool>(std::ofstream(file) << text << std::flush);
  }
  // 50 ms in 100, half the usual weight.
  bool set_limits() const {
    if (folders_.size() == 1) {
      return write(folders_[0] / "cpu.max", "50000 100000") &&
             write(folders_[0] / "cpu.weight", "50");
    }
    return write(folders_[0] / "cpu.cfs_quota_us", "50000") &&
           write(folders_[0] / "cpu.shares", "512");
  }

  std::vector<fs::path> folders_;
  bool is_there_ = false;
};

class LiveTest : public ::testing::Test {
 protected:
  fs::path file(const std::string& name) const { return directory_.path() / name; }

  void start_gunicorn(const std::vector<fs::path>& groups = {}) {
    server_.reset();
    server_ = std::make_unique<Running>(
        std::vector<std::string>{"gunicorn", "--chdir", COTENANT_LIVE_DIR, "-w", "2", "-b",
                                 "127.0.0.1:" + std::to_string(port_), "--access-logfile",
                                 file("access.log"), "--access-logformat", kGunicornLog,
                                 "app:wsgi"},
        file("server.txt"), groups);
    // It listens before it has its workers.
    ASSERT_TRUE(wait_until([&] {
      return test::is_listening(port_) && family_of("/", server_->id()).size() == 3;
    })) << test::text_of(file("server.txt"));
  }

  // Waits until it records.
  void start_capture(std::vector<std::string> options) {
    options.insert(options.begin(), {COTENANT_PROGRAM, "capture"});
    options.insert(options.end(), {"-o", file("shop.bundle")});
    capture_ = std::make_unique<Running>(options, file("capture.txt"));
    ASSERT_TRUE(wait_until([&] {
      return test::text_of(file("capture.txt")).find("\ngroup") != std::string::npos;
    })) << test::text_of(file("capture.txt"));
  }

  // Sends them, and waits for the last line of the log.
  void serve(int count, int port) {
    const std::size_t before = test::lines_of(file("access.log"));
    ASSERT_EQ(test::send_requests(port, count), count);
    ASSERT_TRUE(wait_until([&] {
      return test::lines_of(file("access.log")) >= before + static_cast<std::size_t>(count);
    }));
  }

  Capture read() const {
    const Checked<Capture> capture = read_capture(file("shop.bundle"));
    EXPECT_TRUE(capture.ok()) << render(capture.diagnostics(), "shop.bundle");
    return capture.ok() ? *capture : Capture();
  }
  Capture end_and_read() {
    EXPECT_EQ(capture_->end(SIGINT), 0) << test::text_of(file("capture.txt"));
    return read();
  }

  // What the kernel has counted for the server's processes.
  CpuTime cpu_of_server() const {
    CpuTime sum;
    for (const std::int64_t id : family_of("/", server_->id())) {
      if (const auto process = read_process("/", id)) sum += process->user + process->system;
    }
    return sum;
  }

  TemporaryDirectory directory_;
  int port_ = test::free_port();
  std::unique_ptr<OwnGroup> group_;  // outlives those in it
  std::unique_ptr<Running> server_, proxy_, capture_;
};

void expect_near(CpuTime a, CpuTime b) {
  // Ticks of 10 ms, of three processes, twice.
  EXPECT_NEAR(in_seconds(a), in_seconds(b), 0.06 + 0.02 * in_seconds(b));
}

TEST_F(LiveTest, GunicornInAGroupOfItsOwn) {
  group_ = std::make_unique<OwnGroup>();
  if (!*group_) GTEST_SKIP() << "needs root and a control group that can be written";
  start_gunicorn(group_->process_files());
  start_capture(
      {"--port", std::to_string(port_), "--log", file("access.log"), "--log-format", kGunicornLog});
  const CpuTime before = cpu_of_server();
  serve(200, port_);
  const CpuTime used = cpu_of_server() - before;
  const Capture capture = end_and_read();

  EXPECT_TRUE(capture.complete);
  EXPECT_EQ(capture.server.kind, "gunicorn-sync");
  EXPECT_EQ(capture.server.workers, 2);
  ASSERT_EQ(capture.requests.size(), 200u);
  EXPECT_EQ(capture.classes, std::vector<std::string>{"GET items {id}"});
  CpuTime of_requests;
  for (const CapturedRequest& request : capture.requests) {
    ASSERT_TRUE(request.cpu && request.worker);
    of_requests += *request.cpu;
    EXPECT_EQ(request.status, 200);
  }
  EXPECT_GE(of_requests, CpuTime(3'000'000) * 200);
  const GroupSeries& web = capture.groups[0];
  EXPECT_TRUE(web.group.name.starts_with("cotenant-live-"));
  EXPECT_EQ(web.group.cpu_quota, milliseconds(50));
  EXPECT_EQ(web.group.cpu_period, milliseconds(100));
  EXPECT_EQ(web.group.cpu_weight, 50);
  ASSERT_FALSE(web.samples.empty());
  expect_near(web.samples.back().cpu, used);
  EXPECT_GE(web.samples.back().cpu, of_requests);
  EXPECT_GT(web.samples.back().nr_periods.value_or(0), 0);
  EXPECT_EQ(web.samples.back().processes, 3);
  EXPECT_TRUE(web.samples.front().memory_private);
}

TEST_F(LiveTest, GunicornAmongOtherProcesses) {
  start_gunicorn();
  start_capture({"--pid", std::to_string(server_->id()), "--log", file("access.log"),
                 "--log-format", kGunicornLog});
  const CpuTime before = cpu_of_server();
  serve(200, port_);
  const CpuTime used = cpu_of_server() - before;
  const Capture capture = end_and_read();
  EXPECT_EQ(capture.requests.size(), 200u);
  ASSERT_FALSE(capture.groups.empty());
  ASSERT_FALSE(capture.groups[0].samples.empty());
  expect_near(capture.groups[0].samples.back().cpu, used);
}

TEST_F(LiveTest, UvicornBehindNginx) {
  server_ = std::make_unique<Running>(
      std::vector<std::string>{"uvicorn", "--app-dir", COTENANT_LIVE_DIR, "--port",
                               std::to_string(port_), "--no-access-log", "app:asgi"},
      file("server.txt"));
  const int front = test::free_port();
  const std::string log_format =
      R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $msec )"
      R"($request_time $upstream_response_time cpu_us=$upstream_http_x_cpu_us)";
  const std::string folder = directory_.path().string();
  std::ofstream(file("nginx.conf"))
      << (geteuid() == 0 ? "user root;\n" : "") << "daemon off;\npid " << folder
      << "/nginx.pid;\nerror_log " << folder
      << "/nginx.txt;\nevents {}\nhttp {\n  log_format live '" << log_format << "';\n  access_log "
      << folder << "/access.log live;\n  proxy_temp_path " << folder
      << "/p;\n  client_body_temp_path " << folder << "/c;\n  fastcgi_temp_path " << folder
      << "/f;\n  uwsgi_temp_path " << folder << "/u;\n  scgi_temp_path " << folder
      << "/s;\n  server {\n    listen 127.0.0.1:" << front
      << ";\n    location / { proxy_pass http://127.0.0.1:" << port_ << "; }\n  }\n}\n";
  proxy_ = std::make_unique<Running>(
      std::vector<std::string>{"/usr/sbin/nginx", "-p", folder, "-c", file("nginx.conf")},
      file("proxy.txt"));
  ASSERT_TRUE(wait_until([&] { return test::is_listening(port_) && test::is_listening(front); }))
      << test::text_of(file("server.txt")) << test::text_of(file("proxy.txt"));
  start_capture(
      {"--port", std::to_string(port_), "--log", file("access.log"), "--log-format", log_format});
  serve(150, front);
  const Capture capture = end_and_read();
  EXPECT_EQ(capture.server.kind, "uvicorn");
  EXPECT_EQ(capture.server.workers, 1);
  EXPECT_EQ(capture.resolution, milliseconds(1));
  ASSERT_EQ(capture.requests.size(), 150u);
  for (const CapturedRequest& request : capture.requests) {
    ASSERT_TRUE(request.service && request.cpu);
    EXPECT_GE(*request.cpu, CpuTime(3'000'000));
    EXPECT_GE(request.done, request.arrival);
  }
  // A connection for each request shows in neither; the text is what nobody should keep.
  for (const fs::directory_entry& entry : fs::directory_iterator(file("shop.bundle"))) {
    EXPECT_EQ(test::text_of(entry.path()).find("secret"), std::string::npos);
  }
}

TEST_F(LiveTest, OutlivesTheApplication) {
  start_gunicorn();
  start_capture({"--pid", std::to_string(server_->id()), "--log", file("access.log"),
                 "--log-format", kGunicornLog});
  serve(40, port_);
  server_->kill_all();
  ASSERT_TRUE(wait_until([&] {
    return test::text_of(file("shop.bundle/manifest.json")).find("the application ended") !=
           std::string::npos;
  }));
  start_gunicorn();
  ASSERT_TRUE(wait_until([&] {
    return test::text_of(file("shop.bundle/manifest.json")).find("started anew") !=
           std::string::npos;
  }));
  serve(30, port_);
  const Capture capture = end_and_read();
  EXPECT_TRUE(capture.complete);
  EXPECT_EQ(capture.requests.size(), 70u);
}

TEST_F(LiveTest, LeavesWhatItSawWhenItIsKilled) {
  start_gunicorn();
  start_capture(
      {"--port", std::to_string(port_), "--log", file("access.log"), "--log-format", kGunicornLog});
  serve(40, port_);
  // Flushed once a second: until there is something of them.
  ASSERT_TRUE(wait_until([&] { return read().requests.size() == 40; }));
  EXPECT_EQ(capture_->end(SIGKILL), -SIGKILL);
  const Capture capture = read();
  EXPECT_FALSE(capture.complete);
  EXPECT_EQ(capture.requests.size(), 40u);
  EXPECT_FALSE(capture.host.empty());
}

TEST_F(LiveTest, SaysWhatItCannotFind) {
  Running capture(
      {COTENANT_PROGRAM, "capture", "--port", std::to_string(port_), "-o", file("shop.bundle")},
      file("capture.txt"));
  EXPECT_EQ(capture.end(0), 66);  // nothing is sent: it ends by itself
  EXPECT_NE(test::text_of(file("capture.txt")).find("no process that can be seen listens on port"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(file("shop.bundle")));
}

}  // namespace
}  // namespace cotenant
