// SPDX-License-Identifier: Apache-2.0
//
// A recording is read as it was written; whatever is wrong with it is said, with its place.
#include "validation/recording/bundle.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/validation/recording/recording.h"

namespace cotenant {
namespace {

std::string messages(const RecordingFiles& files) {
  const TemporaryDirectory directory;
  files.write_to(directory);
  return render(read_bundle(directory.path()).diagnostics(), "run");
}

TEST(Bundle, IsReadInTheUnitsOfTheSimulator) {
  const Bundle bundle = read_good(with_experiment(
      R"("srv_cg": {})",
      R"("srv_cg": {"shares": 512, "quota_us": 20000, "period_us": 50000, "burst_us": 5000})"));
  EXPECT_EQ(bundle.name, "E3_small_s1");
  EXPECT_EQ(bundle.family, "E3");
  EXPECT_FALSE(bundle.kernel_only);
  EXPECT_EQ(bundle.server.kind, "gunicorn-sync");
  EXPECT_EQ(bundle.server.workers, 1);
  EXPECT_FALSE(bundle.server.backlog);  // nobody said it
  EXPECT_EQ(bundle.service_group.shares, 512);
  EXPECT_EQ(bundle.service_group.quota, milliseconds(20));
  EXPECT_EQ(bundle.service_group.period, milliseconds(50));
  EXPECT_EQ(bundle.service_group.burst, milliseconds(5));
  EXPECT_EQ(bundle.load.duration, seconds(3));
  EXPECT_EQ(bundle.load.warmup, seconds(1));
  EXPECT_EQ(bundle.load.timeout, seconds(4));
  EXPECT_EQ(bundle.cpu_per_request, microseconds(20'300));
  ASSERT_EQ(bundle.requests.size(), 3u);
  EXPECT_EQ(bundle.requests[1].scheduled, milliseconds(1500));
  EXPECT_EQ(bundle.requests[1].latency, milliseconds(21));
  EXPECT_EQ(bundle.requests[1].path, "/w?cpu=20.000");
  EXPECT_EQ(bundle.requests[1].outcome, Outcome::completed);
  ASSERT_EQ(bundle.samples.size(), 5u);
  EXPECT_EQ(bundle.samples[0].at, Duration(-20'000'000));
  EXPECT_EQ(bundle.samples[3].nr_throttled, 10);
  EXPECT_EQ(bundle.samples[3].throttled, milliseconds(25));
}

TEST(Bundle, KeepsNeighborsWithTheSeedOfTheLoadUnlessTheyHaveTheirOwn) {
  const Bundle bundle =
      read_good(with_experiment(R"("neighbours": [])",
                                R"("neighbours": [{"cg": {"shares": 256}, "args": "--threads 4"},
                         {"cg": {}, "args": "--threads 1", "seed": 3}])"));
  ASSERT_EQ(bundle.neighbors.size(), 2u);
  EXPECT_EQ(bundle.neighbors[0].group.shares, 256);
  EXPECT_EQ(bundle.neighbors[0].arguments, "--threads 4");
  EXPECT_EQ(bundle.neighbors[0].seed, 7u);
  EXPECT_EQ(bundle.neighbors[1].group.shares, 1024);
  EXPECT_EQ(bundle.neighbors[1].seed, 3u);
}

TEST(Bundle, OfTheKernelAloneNeedsNothingButItsExperiment) {
  const TemporaryDirectory directory;
  directory.write("experiment.json", R"({"name": "E12_x_s1", "exp": "E12", "kind": "micro"})");
  const Checked<Bundle> bundle = read_bundle(directory.path());
  ASSERT_TRUE(bundle.ok());
  EXPECT_TRUE(bundle->kernel_only);
}

TEST(BundleErrors, AFolderOrAFileThatIsNotThereCannotBeRead) {
  EXPECT_THROW((void)read_bundle("no-such-folder"), std::runtime_error);
  for (const char* name :
       {"experiment.json", "summary.json", "requests.csv.gz", "resources.csv.gz"}) {
    const TemporaryDirectory directory;
    small_recording().write_to(directory);
    std::filesystem::remove(directory.path() / name);
    EXPECT_THROW((void)read_bundle(directory.path()), std::runtime_error) << name;
  }
}

TEST(BundleErrors, InJsonNameTheFileAndThePlace) {
  RecordingFiles files = small_recording();
  files.experiment = "{";
  EXPECT_EQ(messages(files), "run: error: experiment.json: is not JSON\n");
  files.experiment = "[]";
  EXPECT_EQ(messages(files), "run: error: experiment.json: must be an object, got []\n");
  EXPECT_EQ(messages(with_experiment(R"("mode": "open", )", "")),
            "run: error: experiment.json/load/mode: is required\n");
  EXPECT_EQ(messages(with_experiment(R"("workers": 1)", R"("workers": 0)")),
            "run: error: experiment.json/server/workers: must be a whole number from 1 to 10000, "
            "got 0\n");
  EXPECT_EQ(messages(with_experiment(R"("workers": 1)", R"("workers": 18446744073709551615)")),
            "run: error: experiment.json/server/workers: must be a whole number from 1 to 10000, "
            "got 18446744073709551615\n");
  EXPECT_EQ(messages(with_experiment(R"("duration": 3)", R"("duration": "3s")")),
            "run: error: experiment.json/load/duration: must be a number, got \"3s\"\n"
            "run: error: experiment.json/load/warmup: must be shorter than the duration\n");
  EXPECT_EQ(messages(with_experiment(R"("neighbours": [])", R"("neighbours": [1])")),
            "run: error: experiment.json/neighbours/0: must be an object, got 1\n");
  EXPECT_EQ(messages(with_experiment(R"("exp": "E3")", R"("format": 1)")),
            "run: error: experiment.json/format: must be a whole number from 0 to 0, got 1\n");
  files = small_recording();
  files.summary = "{}";
  EXPECT_EQ(messages(files), "run: error: summary.json/srv_cpu_ms_per_request: is required\n");
}

TEST(BundleErrors, InTablesNameTheFileAndTheLine) {
  RecordingFiles files = small_recording();
  files.requests = "id,sched_us,done_us,latus,err,path\n";
  EXPECT_EQ(messages(files),
            "run: error: requests.csv.gz: has no column \"lat_us\"; did you mean \"latus\"?\n");
  files.requests = "sched_us,done_us,lat_us,err,path\n1,2,3,0\n1,2,x,0,/w\n";
  EXPECT_EQ(messages(files),
            "run: error: requests.csv.gz: line 2: has 4 fields instead of 5\n"
            "run: error: requests.csv.gz: line 3: lat_us must be a whole number, got \"x\"\n");
  files.requests = "sched_us,done_us,lat_us,err,path\n9999999999999999999,2,3,0,/w\n";
  EXPECT_EQ(messages(files),
            "run: error: requests.csv.gz: line 2: sched_us must be a whole number, got "
            "\"9999999999999999999\"\n");
  files.requests = "sched_us,done_us,lat_us,err,path\n";
  EXPECT_EQ(messages(files), "run: error: requests.csv.gz: has no requests, only a header\n");
  files.requests = "";
  EXPECT_EQ(messages(files),
            "run: error: requests.csv.gz: is empty; expected a header line with column names\n");
}

TEST(BundleErrors, SamplesMustBeInOrder) {
  RecordingFiles files = small_recording();
  files.resources =
      "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n5,0,0,0,0,0\n5,0,0,0,0,0\n";
  EXPECT_EQ(messages(files), "run: error: resources.csv.gz: line 3: t_us must increase\n");
  files.resources = "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n5,0,0,0,0,0\n";
  EXPECT_EQ(messages(files), "run: error: resources.csv.gz: has fewer than two samples\n");
}

}  // namespace
}  // namespace cotenant
