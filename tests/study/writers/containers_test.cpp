// SPDX-License-Identifier: Apache-2.0
//
// Reports say what Kubernetes has made of requests and limits, where there are containers.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/decode.h"
#include "study/study.h"
#include "study/writers/text_containers.h"
#include "study/writers/write_json.h"
#include "study/writers/write_markdown.h"
#include "study/writers/write_text.h"
#include "tests/study/writers/write_samples.h"

namespace cotenant {
namespace {

// One of each class on a node with 1 GiB. The last one says nothing of its memory.
constexpr const char* kPodsText = R"({
  "format": 1, "name": "pods",
  "workload": {"requests": {
    "page": {"service": "web", "arrivals": {"kind": "schedule", "first": "1s"}, "steps": [{"cpu": "1ms"}]}}},
  "application": {
    "web": {"server": "gunicorn-sync", "workers": 1, "memory": {"base": "20MiB"}},
    "api": {"server": "gunicorn-sync", "workers": 1, "memory": {"base": "20MiB"}},
    "batch": {"server": "gunicorn-sync", "workers": 1, "memory": {"base": "20MiB"}},
    "other": {"server": "gunicorn-sync", "workers": 1}},
  "setups": {"node": {"machine": {"cores": 2, "memory": "1GiB"}, "services": {
    "web": {"container": {"limits": {"cpu": 1, "memory": "160MiB"}}},
    "api": {"container": {"requests": {"cpu": 0.25, "memory": "128MiB"}, "limits": {"cpu": 0.5}}},
    "batch": {"container": {}},
    "other": {"container": {"requests": {"cpu": 0.5}}}}}},
  "study": {"duration": "2s", "warmup": "0s", "replications": 1}})";

// 1024 and 256 shares are weights of 39 and 10 in runc before 1.3.2, 512 are 20; and 1000 - 1000/8.
TEST(Containers, AreDescribedAsKubernetesTakesThem) {
  const Report report = *run_study(*decode(kPodsText), ".", {});
  const std::vector<std::string> expected = {
      "Container web in node: Guaranteed, cpu.weight 39, at most 1 CPU and 160 MiB, oom_score_adj "
      "-997: killed after all others when the node has no memory left",
      "Container api in node: Burstable, cpu.weight 10, at most 0.5 CPU, oom_score_adj 875: killed "
      "before Guaranteed ones when the node has no memory left",
      "Container batch in node: BestEffort, cpu.weight 1, no limits, oom_score_adj 1000: killed "
      "before all that use no more than they asked for when the node has no memory left",
      "Container other in node: Burstable, cpu.weight 20, no limits"};
  EXPECT_EQ(containers(report), expected);
}

TEST(Containers, AreInReportsOfAllKinds) {
  Report report = single_setup();
  for (const std::string& text : {write_text(report, {}), write_markdown(report, {}),
                                  write_comparison_text(report, {}), write_json(report, {})}) {
    EXPECT_EQ(text.find("Burstable"), std::string::npos) << text;
  }
  ContainerReport& container = report.setups[0].containers.emplace_back();
  container.service = "web";
  container.qos_class = "Burstable";
  for (const std::string& text : {write_text(report, {}), write_markdown(report, {}),
                                  write_comparison_text(report, {}), write_json(report, {})}) {
    EXPECT_NE(text.find("Burstable"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace cotenant
