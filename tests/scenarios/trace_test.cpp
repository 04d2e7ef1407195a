// SPDX-License-Identifier: Apache-2.0
//
// Recordings: what is read from csv and csv.gz, and what is said about files that cannot be used.
#include "scenarios/trace.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace cotenant {
namespace {

class TraceTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::path(testing::TempDir()) / ("trace_" + std::string(test->name()));
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(const std::string& text) {
    const auto path = directory_ / "requests.csv";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // What is wrong with a recording of this text, one problem a line, without the path.
  std::string problems(const std::string& text, const std::vector<RecordedLaw>& demands = {}) {
    const auto path = write(text);
    const auto rows = read_trace(path, replay_, demands, "/workload/arrivals/file");
    std::string all;
    for (const Diagnostic& problem : rows.diagnostics()) {
      EXPECT_EQ(problem.pointer, "/workload/arrivals/file");
      all += problem.message.substr(path.string().size() + 1);
      if (!problem.nearest.empty()) all += " -> " + problem.nearest;
      all += '\n';
    }
    return all;
  }

  ReplayArrivals replay_{.file = "requests.csv", .time_column = "at", .time_unit = "us"};
  std::filesystem::path directory_;
};

TEST_F(TraceTest, ReadsTimesDemandsAndClasses) {
  replay_.class_column = "kind";
  const auto rows = read_trace(write("at,kind,cpu\n1500,light,0.25\n2000,heavy,12\n"), replay_,
                               {{"cpu", "", "ms"}}, "");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].arrival, Instant(1'500'000));
  EXPECT_EQ((*rows)[0].class_name, "light");
  EXPECT_EQ((*rows)[0].demands.at(0), microseconds(250));
  EXPECT_EQ((*rows)[1].demands.at(0), milliseconds(12));
}

TEST_F(TraceTest, ReadsUsersAndTheirReplies) {
  replay_.user_column = "who";
  replay_.done_column = "end";
  const auto rows =
      read_trace(write("at,who,end\n1500,anna,1900\n2000,ben,2100\n"), replay_, {}, "");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)[0].user, "anna");
  EXPECT_EQ((*rows)[1].user, "ben");
  EXPECT_EQ((*rows)[1].done, Instant(2'100'000));
  EXPECT_EQ(problems("at,who,end\n1500,anna,1400\n"), "line 2: end is before the arrival\n");
  EXPECT_EQ(problems("at,whom,end\n1500,anna,1600\n"), "has no column \"who\" -> whom\n");
}

TEST_F(TraceTest, ReadsOneParameterOfAUrl) {
  const auto rows = read_trace(write("at,path\n1,/w?xcpu=9&cpu=5.000&sleep=1\n2,/w?sleep=3\n"),
                               replay_, {{"path", "cpu", "ms"}}, "");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)[0].demands.at(0), milliseconds(5));
  EXPECT_EQ((*rows)[1].demands.at(0), Duration()) << "a parameter that is not there is no demand";
}

TEST_F(TraceTest, OrdersByArrivalAndCountsFromAWholeSecond) {
  replay_.time_unit = "s";
  const auto rows = read_trace(write("at\n1700000003.5\n1700000002.25\n"), replay_, {}, "");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)[0].arrival, Instant() + milliseconds(250));
  EXPECT_EQ((*rows)[1].arrival, Instant() + milliseconds(1500));
}

TEST_F(TraceTest, ReadsGzipAndWindowsLineEnds) {
  const auto path = directory_ / "requests.csv.gz";
  gzFile file = gzopen(path.c_str(), "wb");
  gzputs(file, "at\r\n7\r\n");
  gzclose(file);
  const auto rows = read_trace(path, replay_, {}, "");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->at(0).arrival, Instant() + microseconds(7));
}

TEST_F(TraceTest, ADamagedGzipFileThrows) {
  const auto path = directory_ / "requests.csv.gz";
  gzFile file = gzopen(path.c_str(), "wb");
  for (int i = 0; i < 5000; ++i) gzputs(file, ("row " + std::to_string(i * 7919) + "\n").c_str());
  gzclose(file);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  replay_.time_column = "row 0";
  EXPECT_THROW((void)read_trace(path, replay_, {}, ""), std::runtime_error);
}

TEST_F(TraceTest, AMissingFileAndADirectoryThrow) {
  EXPECT_THROW((void)read_trace(directory_ / "none.csv", replay_, {}, ""), std::runtime_error);
  EXPECT_THROW((void)read_trace(directory_, replay_, {}, ""), std::runtime_error);
}

TEST_F(TraceTest, SaysWhichColumnIsMissingAndWhichIsNearest) {
  EXPECT_EQ(problems("att,cpu\n1,2\n", {{"cpus", "", "ms"}}),
            "has no column \"at\" -> att\nhas no column \"cpus\" -> cpu\n");
}

TEST_F(TraceTest, SaysEveryBadRow) {
  EXPECT_EQ(problems("at,cpu\n1,2\n1\nx,-3\n", {{"cpu", "", "ms"}}),
            "line 3: has 1 fields instead of 2\n"
            "line 4: at must be a number of us, got \"x\"\n"
            "line 4: cpu must be a number of ms, got \"-3\"\n");
}

TEST_F(TraceTest, AnEmptyRecordingIsRefused) {
  EXPECT_EQ(problems(""), "is empty; expected a header line with column names\n");
  EXPECT_EQ(problems("at\n"), "has no requests, only a header\n");
}

}  // namespace
}  // namespace cotenant
