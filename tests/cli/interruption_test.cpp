// SPDX-License-Identifier: Apache-2.0
//
// The real program, hit by signals at any instant and by a disk that fills up: the output file is
// the old one or the whole new one, and nothing else is left. Instants come from a seed: so many
// turns of a loop after the start, spread over more than the life of the program. Whatever they
// hit, the same must hold, so nothing depends on how fast the machine is.
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "tests/cli/cli_fixture.h"
#include "tests/cli/program.h"

namespace cotenant {
namespace {

using Names = std::vector<std::string>;
using Signals = std::vector<int>;

constexpr const char* kOld = "the old report\n";

// Many setups, so that writing the report takes a good part of the time.
std::string many_setups() {
  std::string setups;
  for (int i = 0; i < 100; ++i) {
    setups += (i > 0 ? ", \"s" : "\"s") + std::to_string(i) + R"(": {"machine": {"cores": 1}})";
  }
  return R"({"format": 1, "name": "many", "workload": {
      "arrivals": {"kind": "poisson", "rate": "10/s"},
      "requests": {"page": {"steps": [{"cpu": "10ms"}]}}},
      "application": {"web": {"server": "gunicorn-sync", "workers": 1}},
      "setups": {)" +
         setups + R"(}, "study": {"duration": "20s", "warmup": "1s", "replications": 2}})";
}

class Interruption : public CliTest {
 protected:
  Interruption() {
    write("many.json", many_setups());
    write("report.json", kOld);
  }

  std::vector<std::string> words() const {
    return {"run", path("many.json"), "--format", "json", "--output", path("report.json")};
  }

  // Empty, or what is wrong with what is left.
  std::string torn() const {
    if (files() != Names{"many.json", "report.json"}) return "stray files";
    const std::string text = read("report.json");
    if (text == kOld) return "";
    const auto report = nlohmann::json::parse(text, nullptr, false);
    if (report.is_discarded()) return "a torn file of " + std::to_string(text.size()) + " bytes";
    if (report.at("setups").size() != 100) return "an incomplete report";
    return "";
  }
};

// The turns of a loop that do nothing but take time; the compiler cannot see that they do nothing.
void spend(std::uint64_t turns) {
  volatile std::uint64_t sink = 0;
  for (std::uint64_t i = 0; i < turns; ++i) sink = sink + i;
}

// How many turns this machine makes while the program runs undisturbed, up to a factor.
std::uint64_t turns_of(const std::vector<std::string>& words) {
  constexpr std::uint64_t kStep = 10'000;
  Program program(words);
  std::uint64_t turns = 0;
  while (!program.has_ended()) {
    spend(kStep);
    turns += kStep;
  }
  EXPECT_EQ(program.wait(), 0);
  return turns;
}

class InterruptedAtAnyInstant : public Interruption,
                                public ::testing::WithParamInterface<Signals> {};

TEST_P(InterruptedAtAnyInstant, LeavesTheOldFileOrTheWholeNewOne) {
  constexpr int kTries = 30;
  const std::uint64_t life = turns_of(words());
  ASSERT_EQ(torn(), "");
  std::mt19937_64 random(20);  // NOLINT: the same instants every time are what is wanted
  std::map<int, int> exits;
  for (int i = 0; i < kTries; ++i) {
    write("report.json", kOld);
    Program program(words());
    spend(random() % (life + life / 4));
    for (const int number : GetParam()) program.send(number);
    ++exits[program.wait()];
    ASSERT_EQ(torn(), "") << "try " << i;
  }
  // It came to its end, or it was interrupted; a negative code is that of a signal which came
  // before main() had a chance to ask for it.
  for (const auto& [code, times] : exits) {
    EXPECT_TRUE(code == 0 || code == number(ExitCode::interrupted) ||
                std::count(GetParam().begin(), GetParam().end(), -code) > 0)
        << times << " times " << code;
  }
  EXPECT_GT(exits[number(ExitCode::interrupted)], 0) << "no signal hit the run";
}

// Two signals: the second one ends the program at once, wherever it is.
INSTANTIATE_TEST_SUITE_P(Signals, InterruptedAtAnyInstant,
                         ::testing::Values(Signals{SIGINT}, Signals{SIGTERM},
                                           Signals{SIGINT, SIGINT}, Signals{SIGTERM, SIGINT}));

// Tells when a file appears in a directory (inotify(7)).
class CreationWatch {
 public:
  explicit CreationWatch(const std::string& directory) : fd_(inotify_init1(IN_CLOEXEC)) {
    inotify_add_watch(fd_, directory.c_str(), IN_CREATE);
  }
  ~CreationWatch() { close(fd_); }
  CreationWatch(const CreationWatch&) = delete;
  CreationWatch& operator=(const CreationWatch&) = delete;

  void wait() {
    std::array<char, 4096> events;
    EXPECT_GT(read(fd_, events.data(), events.size()), 0);
  }

 private:
  int fd_;
};

// The instant that matters most: the temporary file is there. The second signal would end the
// program at once, and leave it.
TEST_F(Interruption, TwoSignalsDuringTheWriteLeaveNoTemporaryFile) {
  for (int i = 0; i < 20; ++i) {
    write("report.json", kOld);
    CreationWatch watch(path(""));
    Program program(words());
    watch.wait();
    program.send(SIGINT);
    program.send(SIGTERM);
    const int code = program.wait();
    EXPECT_TRUE(code == 0 || code == number(ExitCode::interrupted)) << code;
    ASSERT_EQ(torn(), "") << "try " << i;
    EXPECT_NE(read("report.json"), kOld);
  }
}

// The program inherits the limit. It asks not to be killed by it, and says what happened.
TEST_F(Interruption, AFullDiskLeavesTheOldFile) {
  rlimit old = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  for (const rlim_t bytes : {0u, 1u, 4096u, 50'000u}) {
    const rlimit limit = {bytes, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    Program program(words());
    setrlimit(RLIMIT_FSIZE, &old);
    const std::string said = program.err.read_all();
    EXPECT_EQ(program.wait(), number(ExitCode::cannot_write)) << bytes;
    EXPECT_EQ(said, "cotenant: cannot write " + path("report.json") + ": File too large\n");
    EXPECT_EQ(torn(), "");
    EXPECT_EQ(read("report.json"), kOld);
  }
}

// As an ordinary user; root may write anywhere.
TEST_F(Interruption, AForbiddenDirectoryIsFoundBeforeTheRun) {
  if (geteuid() != 0) {
    chmod(path("").c_str(), 0555);
  } else {
    chmod(path("").c_str(), 0755);  // root's: others may read and pass, not write
  }
  std::vector<std::string> endless = words();
  endless.insert(endless.end(), {"--replications", "1000"});
  Program program(endless, Program::AsNobody::if_root);
  const std::string said = program.err.read_all();
  const int code = program.wait();
  chmod(path("").c_str(), 0755);
  if (code == Program::kCannotBecomeNobody) GTEST_SKIP() << "root that cannot become nobody";
  EXPECT_EQ(code, number(ExitCode::cannot_write));
  EXPECT_EQ(said, "cotenant: cannot write " + path("report.json") + ": Permission denied\n");
  EXPECT_EQ(read("report.json"), kOld);
  EXPECT_EQ(torn(), "");
}

}  // namespace
}  // namespace cotenant
