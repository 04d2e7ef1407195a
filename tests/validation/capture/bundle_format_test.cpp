// SPDX-License-Identifier: Apache-2.0
//
// What is written is read again; what is cut off, spoiled or unknown is said; nothing that tells of
// people gets into a bundle.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temporary_directory.h"
#include "tests/validation/capture/small_capture.h"
#include "validation/capture/columns.h"
#include "validation/capture/gzip_members.h"
#include "validation/capture/read_capture.h"
#include "validation/capture/write_bundle.h"

namespace cotenant {
namespace {

using test::small_capture;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string problems_of(const std::filesystem::path& folder) {
  return render(read_capture(folder).diagnostics(), "shop");
}

// A bundle in a folder of its own, whose files can be changed.
struct WrittenBundle {
  TemporaryDirectory directory;
  std::filesystem::path folder = directory.path() / "shop.bundle";

  explicit WrittenBundle(const Capture& capture = small_capture()) {
    write_bundle(folder, capture);
  }
  void replace(const std::string& name, const std::string& text) const {
    directory.write("shop.bundle/" + name, text);
  }
  void edit_manifest(const std::string& what, const std::string& by) const {
    std::string text = read_file(folder / kManifestFile);
    text.replace(text.find(what), what.size(), by);
    replace(kManifestFile, text);
  }
};

// One that was flushed twice and never finished: the second flush has the last request.
struct AbandonedBundle {
  TemporaryDirectory directory;
  std::filesystem::path folder = directory.path() / "shop.bundle";
  std::size_t first_flush = 0;  // bytes of requests.csv.gz

  AbandonedBundle() {
    const Capture capture = small_capture();
    BundleWriter writer(folder, capture);
    writer.add(capture.requests[0]);
    writer.add(capture.requests[1]);
    writer.flush();
    first_flush = std::filesystem::file_size(folder / kRequestsFile);
    writer.add(capture.requests[2]);
    writer.flush();
    writer.add(capture.requests[2]);  // never flushed
  }
};

TEST(BundleFormat, ReadsWhatIsWritten) {
  const WrittenBundle bundle;
  EXPECT_TRUE(is_capture(bundle.folder));
  const Checked<Capture> capture = read_capture(bundle.folder);
  ASSERT_TRUE(capture.ok()) << problems_of(bundle.folder);
  EXPECT_EQ(*capture, small_capture());
}

TEST(BundleFormat, IsTheSameBytesForTheSameCapture) {
  const WrittenBundle one, other;
  for (const char* name : {kManifestFile, kClassesFile, kRequestsFile, kGroupsFile, kHostFile}) {
    EXPECT_EQ(read_file(one.folder / name), read_file(other.folder / name)) << name;
  }
}

TEST(BundleFormat, TakesRequestsInAnyOrderAndGivesThemInThatOfArrival) {
  Capture capture = small_capture();
  std::swap(capture.requests[0], capture.requests[2]);
  EXPECT_EQ(read_capture(WrittenBundle(capture).folder)->requests, small_capture().requests);
}

TEST(BundleFormat, LeavesOutWhatNobodyRecorded) {
  const Checked<Capture> capture = read_capture(WrittenBundle().folder);
  ASSERT_TRUE(capture.ok());
  EXPECT_FALSE(capture->requests[0].cpu);
  EXPECT_FALSE(capture->groups[1].samples[0].nr_throttled);
  EXPECT_EQ(capture->groups[0].samples[0].nr_throttled, 0);
  EXPECT_FALSE(capture->groups[1].group.cpu_quota);
}

TEST(BundleFormat, DropsQueryStringsFromTheNamesOfClasses) {
  EXPECT_EQ(class_name("GET /search?q=my+illness"), "GET /search");
  EXPECT_EQ(class_name("GET /page#part"), "GET /page");
  EXPECT_EQ(class_name("GET /a\nb\x1b[2J\xff"), "GET /a_b_[2J_");
  Capture capture = small_capture();
  capture.classes = {"GET /?user=1", "GET /?user=2"};
  const Checked<Capture> read = read_capture(WrittenBundle(capture).folder);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->classes, std::vector<std::string>{"GET /"});
  EXPECT_EQ(read->requests[1].class_index, 0u);
}

TEST(BundleFormat, LearnsOfClassesAndGroupsOnItsWay) {
  const TemporaryDirectory directory;
  const std::filesystem::path folder = directory.path() / "b";
  Capture capture = small_capture();
  capture.classes.clear();
  BundleWriter writer(folder, capture);
  EXPECT_EQ(writer.class_index("GET /"), 0u);
  EXPECT_EQ(writer.class_index("GET /other"), 1u);
  EXPECT_EQ(writer.class_index("GET /"), 0u);
  capture.groups.push_back(capture.groups[1]);
  capture.remarks.push_back("a group was added");
  writer.describe(capture);
  writer.add(2, small_capture().groups[0].samples[1]);
  writer.finish(capture);
  const Checked<Capture> read = read_capture(folder);
  ASSERT_TRUE(read.ok()) << problems_of(folder);
  EXPECT_EQ(read->classes, (std::vector<std::string>{"GET /", "GET /other"}));
  EXPECT_EQ(read->groups[2].samples.size(), 1u);
  EXPECT_EQ(read->remarks.back(), "a group was added");
}

TEST(BundleFormat, KeepsWhatWasFlushedWhenItsWriterDies) {
  const AbandonedBundle bundle;
  const Checked<Capture> capture = read_capture(bundle.folder);
  ASSERT_TRUE(capture.ok()) << problems_of(bundle.folder);
  EXPECT_FALSE(capture->complete);
  EXPECT_EQ(capture->requests, small_capture().requests);
  EXPECT_EQ(capture->remarks.back(),
            "the recorder did not end by itself: what it saw last is missing");
}

TEST(BundleFormat, KeepsEveryWholeFlushWhereverItIsCutOff) {
  const AbandonedBundle bundle;
  const std::string bytes = read_file(bundle.folder / kRequestsFile);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    bundle.directory.write("shop.bundle/requests.csv.gz", bytes.substr(0, size));
    const Checked<Capture> capture = read_capture(bundle.folder);
    ASSERT_TRUE(capture.ok()) << size << problems_of(bundle.folder);
    EXPECT_EQ(capture->requests.size(), size < bundle.first_flush ? 0u : 2u) << size;
    const bool is_said = capture->remarks.size() == 3;  // its own, that it is cut off, that it ends
    EXPECT_EQ(is_said, capture->remarks[1].starts_with("requests.csv.gz is cut off after "))
        << size;
  }
}

TEST(BundleFormat, SaysWhatIsDamagedInACompleteBundle) {
  const std::string whole = read_file(WrittenBundle().folder / kRequestsFile);
  const WrittenBundle bundle;
  bundle.replace(kRequestsFile, whole.substr(0, whole.size() - 3));
  EXPECT_EQ(problems_of(bundle.folder),
            "shop: error: requests.csv.gz: is cut off after 0 whole rows, although the bundle is "
            "complete\n");
  std::string spoiled = whole;
  spoiled[spoiled.size() / 2] ^= 1;
  bundle.replace(kRequestsFile, spoiled);
  EXPECT_NE(problems_of(bundle.folder).find("requests.csv.gz: is damaged after 0 whole rows"),
            std::string::npos);
  bundle.replace(kRequestsFile, whole + gzip_member("100,200,0,200,,,,,\n"));
  EXPECT_EQ(problems_of(bundle.folder),
            "shop: error: requests.csv.gz: is not what was written: its checksum is another one\n");
}

TEST(BundleFormat, SaysWhichRowIsWrong) {
  const auto problem = [](const char* name, const std::string& text) {
    const AbandonedBundle bundle;
    bundle.directory.write(std::string("shop.bundle/") + name, gzip_member(text));
    return problems_of(bundle.folder);
  };
  const std::string requests = "arrival_us,done_us,class,status\n";
  EXPECT_EQ(problem(kRequestsFile, requests + "1,2,0,200\n7,3,0,200\n"),
            "shop: error: requests.csv.gz: line 3: done_us must not be before arrival_us\n");
  EXPECT_EQ(problem(kRequestsFile, requests + "1,2,9,200\n"),
            "shop: error: requests.csv.gz: line 2: class 9 is not in classes.csv.gz\n");
  EXPECT_EQ(problem(kRequestsFile, requests + "1,2,0\n"),
            "shop: error: requests.csv.gz: line 2: has 3 fields instead of 4\n");
  EXPECT_EQ(problem(kRequestsFile, requests + "1,2,0,x\x1b\n"),
            "shop: error: requests.csv.gz: line 2: status must be a whole number from 0 to "
            "2147483647, got \"x?\"\n");
  EXPECT_EQ(problem(kRequestsFile, "done_us\n2\n"),
            "shop: error: requests.csv.gz: line 2: has no column \"arrival_us\"\n");
  EXPECT_EQ(problem(kGroupsFile, "at_us,group,cpu_us\n1,0,5\n1,0,6\n"),
            "shop: error: groups.csv.gz: line 3: at_us must increase\n");
  EXPECT_EQ(problem(kGroupsFile, "at_us,group,cpu_us\n1,0,5\n2,0,4\n"),
            "shop: error: groups.csv.gz: line 3: cpu_us must not decrease\n");
  EXPECT_EQ(problem(kGroupsFile, "at_us,group,cpu_us\n1,7,5\n"),
            "shop: error: groups.csv.gz: line 2: group 7 is not in the manifest\n");
  EXPECT_EQ(problem(kHostFile, "at_us,busy_us,stolen_us\n5,0,0\n4,0,0\n"),
            "shop: error: host.csv.gz: line 3: at_us must increase\n");
  EXPECT_EQ(problem(kClassesFile, "class,name\n1,GET /\n"),
            "shop: error: classes.csv.gz: line 2: classes must be numbered from 0 on\n");
}

TEST(BundleFormat, LeavesColumnsAloneThatItDoesNotKnow) {
  const AbandonedBundle bundle;
  bundle.directory.write("shop.bundle/requests.csv.gz",
                         gzip_member("status,new,class,done_us,arrival_us\n404,,0,9,7\n"));
  const Checked<Capture> capture = read_capture(bundle.folder);
  ASSERT_TRUE(capture.ok()) << problems_of(bundle.folder);
  EXPECT_EQ(capture->requests[0].status, 404);
  EXPECT_EQ(capture->requests[0].arrival, microseconds(7));
}

TEST(BundleFormat, SaysThatAFormatIsNotKnown) {
  const WrittenBundle bundle;
  bundle.edit_manifest("\"format\": 1", "\"format\": 2");
  EXPECT_EQ(problems_of(bundle.folder),
            "shop: error: manifest.json/format: format 2 is not known; this version reads format "
            "1\n");
  bundle.replace(kManifestFile, "{}");
  EXPECT_EQ(problems_of(bundle.folder),
            "shop: error: manifest.json/format: is required; a capture bundle has format 1\n");
}

TEST(BundleFormat, SaysWhatIsWrongWithAManifest) {
  const WrittenBundle bundle;
  bundle.edit_manifest("\"cores\": 2", "\"cores\": \"two\"");
  bundle.edit_manifest("\"complete\": true", "\"complete\": 1");
  EXPECT_EQ(problems_of(bundle.folder),
            "shop: error: manifest.json/complete: must be true or false\n"
            "shop: error: manifest.json/machine/cores: must be a whole number from 1 to 65536, got "
            "\"two\"\n");
}

// The page has a row for each column of each file.
struct ExpectRow {
  const std::string& page;
  template <class T>
  void operator()(const char* name, const T&) {
    EXPECT_NE(page.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
};

TEST(BundleFormat, IsExplainedColumnByColumn) {
  const std::string page = read_file(std::string(COTENANT_SOURCE_DIR) + "/docs/bundle-format.md");
  const CapturedRequest request;
  const GroupRow group;
  const HostSample host;
  visit_request(request, ExpectRow{page});
  visit_group(group, ExpectRow{page});
  visit_host(host, ExpectRow{page});
}

TEST(BundleFormat, NeedsAFolderOfItsOwn) {
  const WrittenBundle bundle;
  EXPECT_THROW(write_bundle(bundle.folder, small_capture()), CannotWriteBundle);
  EXPECT_THROW((void)read_capture(bundle.directory.path() / "none"), std::runtime_error);
  EXPECT_FALSE(is_capture(bundle.directory.path()));
}

TEST(BundleFormat, StaysSmallInMemoryWhateverIsAdded) {
  const TemporaryDirectory directory;
  BundleWriter writer(directory.path() / "b", small_capture());
  const CapturedRequest request = small_capture().requests[1];
  constexpr int kRequests = 100'000;  // about 3 MB of text
  for (int i = 0; i < kRequests; ++i) writer.add(request);
  // Without any flush() most of it is in the file.
  const Checked<Capture> capture = read_capture(directory.path() / "b");
  ASSERT_TRUE(capture.ok());
  EXPECT_GT(capture->requests.size(), kRequests / 2u);
}

}  // namespace
}  // namespace cotenant
