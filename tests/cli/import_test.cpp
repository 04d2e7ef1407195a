// SPDX-License-Identifier: Apache-2.0
//
// `cotenant import` from words to files and exit codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/cli_fixture.h"

namespace cotenant {
namespace {

class ImportTest : public CliTest {
 protected:
  std::string log() {
    std::string text;
    for (int second = 10; second < 40; ++second) {
      const std::string clock = "10/Oct/2026:13:55:" + std::to_string(second) + " +0200";
      text += "192.0.2.77 - - [" + clock + "] \"GET /users/" + std::to_string(second) +
              "?token=secret HTTP/1.1\" 200 512 \"-\" \"curl\" 0.080\n";
    }
    return write("access.log", text + "not a line\n");
  }
  std::string settings() { return write("gunicorn.conf.py", "workers = 3\nthreads = 2\n"); }
  std::string compose() {
    return write("docker-compose.yml",
                 "services:\n  web:\n    command: gunicorn app:app\n    cpus: 0.5\n");
  }
  bool says(const std::string& words) const { return err().find(words) != std::string::npos; }
};

TEST_F(ImportTest, JoinsFilesToAScenarioThatIsValid) {
  const std::string file = path("shop.json");
  EXPECT_EQ(cli("import " + log() + " " + settings() + " " + compose() + " -o " + file), 0)
      << err();
  EXPECT_EQ(out(), "");
  EXPECT_TRUE(says("ignored")) << err();
  EXPECT_TRUE(says("access.log:31")) << err();  // the malformed line
  const std::string text = read("shop.json");
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("application").at("web").at("server"), "gunicorn-gthread");
  EXPECT_EQ(json.at("application").at("web").at("workers"), 3);
  EXPECT_TRUE(json.at("workload").at("requests").contains("GET users {id}"));
  EXPECT_EQ(json.at("setups").at("as deployed").at("groups").at("web").at("cpu_max").at("quota"),
            "50ms");
  // Half of 80 ms each.
  EXPECT_NE(text.find("\"40ms\""), std::string::npos);
  for (const char* secret : {"192.0.2.77", "token", "secret"}) {
    EXPECT_EQ((text + err()).find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(cli("check " + file), 0) << err();
}

TEST_F(ImportTest, ExplainsAndWritesNothing) {
  log();
  const std::vector<std::string> before = files();
  EXPECT_EQ(cli("import " + path("access.log") + " --explain"), 0);
  for (const char* words : {"access log", "format", "rejected   1", "line 31", "UTC+02:00",
                            "GET users {id}", "2026-10-10T11:55:"}) {
    EXPECT_NE(out().find(words), std::string::npos) << words << "\n" << out();
  }
  EXPECT_EQ(files(), before);
  EXPECT_EQ(cli("import " + path("access.log") + " --explain -o x.json"), 2);
}

TEST_F(ImportTest, ExplainsAsJson) {
  EXPECT_EQ(cli("import " + log() + " --explain --format json"), 0);
  const auto json = nlohmann::json::parse(out());
  EXPECT_EQ(json.at("report").at("logs").at(0).at("rejected"), 1);
  EXPECT_EQ(json.at("report").at("classes").at(0).at("name"), "GET users {id}");
  EXPECT_GT(json.at("findings").size(), 3u);
}

TEST_F(ImportTest, WritesATraceThatTheScenarioReplays) {
  EXPECT_EQ(cli("import " + log() + " --replay " + path("t.csv") + " -o " + path("shop.json")), 0)
      << err();
  const std::string trace = read("t.csv");
  EXPECT_EQ(trace.substr(0, trace.find('\n')), "arrival_us,class,took_us");
  EXPECT_EQ(std::count(trace.begin(), trace.end(), '\n'), 31);
  EXPECT_EQ(cli("check " + path("shop.json")), 0) << err();
}

TEST_F(ImportTest, WritesABundle) {
  EXPECT_EQ(cli("import " + log() + " --bundle " + path("bundle") + " -o " + path("shop.json")), 0)
      << err();
  const auto json = nlohmann::json::parse(read("bundle/manifest.json"));
  EXPECT_EQ(json.at("origin"), "cotenant import");
  EXPECT_EQ(json.at("files").at("requests.csv.gz").at("rows"), 30);
}

TEST_F(ImportTest, WritesToStandardOutput) {
  EXPECT_EQ(cli("import " + settings()), 0) << err();
  EXPECT_EQ(nlohmann::json::parse(out()).at("name"), "Imported");
  EXPECT_TRUE(says("assumed")) << err();
}

TEST_F(ImportTest, RefusesWhatItDoesNotKnow) {
  const std::string file = path("shop.json");
  EXPECT_EQ(cli("import " + write("x.txt", "hello world\n") + " " + settings() + " -o " + file),
            65);
  EXPECT_TRUE(says("is nothing that can be imported")) << err();
  EXPECT_EQ(cli("import " + write("e.txt", "") + " -o " + file), 65);
  EXPECT_EQ(cli("import " + write("z.zst", "\x28\xb5\x2f\xfd..") + " -o " + file), 65);
  EXPECT_EQ(cli("import " + path("none") + " -o " + file), 66);
  EXPECT_EQ(cli("import " + compose() + " --service wbe -o " + file), 65);
  EXPECT_TRUE(says("did you mean \"web\"?")) << err();
  const std::vector<std::string> written = files();
  EXPECT_EQ(std::count(written.begin(), written.end(), "shop.json"), 0);
}

TEST_F(ImportTest, RefusesOptionsThatCannotBe) {
  log();
  EXPECT_EQ(cli("import " + path("access.log") + " --log-format nginx:combind"), 2);
  EXPECT_TRUE(says("did you mean \"nginx:combined\"?")) << err();
  EXPECT_EQ(cli("import " + path("access.log") + " --path-rule blog"), 2);
  EXPECT_EQ(cli("import " + path("access.log") + " --cores 0"), 2);
  EXPECT_EQ(cli("import -"), 2);
  EXPECT_EQ(cli("import"), 2);
  EXPECT_EQ(cli("import " + settings() + " --replay " + path("t.csv")), 2);
  EXPECT_EQ(cli("import " + path("access.log") + " -o " + path("no/such/folder.json")), 73);
}

TEST_F(ImportTest, SaysWhenNoLineIsInTheFormat) {
  EXPECT_EQ(cli("import " + log() + " --log-format $msec-$status"), 65);
  EXPECT_TRUE(says("has no line in the format")) << err();
}

}  // namespace
}  // namespace cotenant
