// SPDX-License-Identifier: Apache-2.0
//
// The recorded load of a neighbor: what is read, what it becomes, and what is said about files that
// cannot be used.
#include "scenarios/recorded_load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/compile_neighbor.h"

namespace cotenant {
namespace {

class RecordedLoadTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::path(testing::TempDir()) / ("load_" + std::string(test->name()));
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& text) {
    std::ofstream(directory_ / "load.csv", std::ios::binary) << text;
  }

  // What is wrong with a file of this text, one problem a line, without the path.
  std::string problems(const std::string& text) {
    write(text);
    const auto rows = read_load(directory_ / "load.csv", recorded_, "/here");
    std::string all;
    for (const Diagnostic& problem : rows.diagnostics()) {
      EXPECT_EQ(problem.pointer, "/here");
      all += problem.message.substr((directory_ / "load.csv").string().size() + 1);
      if (!problem.nearest.empty()) all += " -> " + problem.nearest;
      all += '\n';
    }
    return all;
  }

  // Of a neighbor with four threads, each on for a quarter of the time.
  LoadCurve curve() {
    Neighbor neighbor;
    neighbor.threads = 4;
    neighbor.pattern = OnOff{{ConstantLaw{milliseconds(10)}}, {ConstantLaw{milliseconds(30)}}};
    neighbor.load = recorded_;
    const auto compiled = compile_neighbor("it", neighbor, "/here", directory_);
    EXPECT_TRUE(compiled.ok());
    return *compiled->curve;
  }

  RecordedLoad recorded_{.file = "load.csv", .time_column = "at", .load_column = "cores"};
  std::filesystem::path directory_;
};

TEST_F(RecordedLoadTest, ReadsTimesFromTheFirstRowOn) {
  write("host,at,cores\na,1700000060,0.5\na,1700000120,2\n");
  const auto rows = read_load(directory_ / "load.csv", recorded_, "");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ(rows->at(0).at, Duration(0));
  EXPECT_EQ(rows->at(0).load, 0.5);
  EXPECT_EQ(rows->at(1).at, seconds(60));
  EXPECT_EQ(rows->at(1).load, 2);
}

// The pattern wants one core of the four on average.
TEST_F(RecordedLoadTest, BecomesFactorsOnTheLoadOfThePattern) {
  write("at,cores\n0,0.5\n60,2\n90,0\n");
  const LoadCurve once = curve();
  EXPECT_EQ(once.factor_at(Instant()), 0.5);
  EXPECT_EQ(once.factor_at(Instant() + seconds(60)), 2);
  EXPECT_EQ(once.factor_at(Instant() + seconds(1'000)), 0);
  recorded_.repeat = true;
  const LoadCurve again = curve();
  EXPECT_EQ(again.period, seconds(120));  // the last row lasts for 30 s, too
  EXPECT_EQ(again.factor_at(Instant() + seconds(121)), 0.5);
}

TEST_F(RecordedLoadTest, SaysEverythingThatIsWrong) {
  EXPECT_EQ(problems(""), "is empty; expected a header line with column names\n");
  EXPECT_EQ(problems("at,cores\n"), "has no rows, only a header\n");
  EXPECT_EQ(problems("at,core\n0,1\n"), "has no column \"cores\" -> core\n");
  EXPECT_EQ(problems("at,cores\n0,1\nx,1\n60,-1\n60,1\n7\n"),
            "line 3: at must be a number of s, got \"x\"\n"
            "line 3: at must increase\n"
            "line 4: cores must be a number of threads, got \"-1\"\n"
            "line 5: at must increase\n"
            "line 6: has 1 fields instead of 2\n");
}

}  // namespace
}  // namespace cotenant
