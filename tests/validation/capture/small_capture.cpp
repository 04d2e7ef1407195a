// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/capture/small_capture.h"

namespace cotenant::test {
namespace {

CapturedRequest request(Duration arrival, Duration done, std::uint32_t class_index) {
  CapturedRequest request;
  request.arrival = arrival;
  request.done = done;
  request.class_index = class_index;
  request.status = 200;
  return request;
}

GroupSample sample(std::int64_t number) {
  GroupSample sample;
  sample.at = milliseconds(100) * number;
  sample.cpu = CpuTime(12'345'000) * number;
  sample.memory = Bytes(25'686'016);
  sample.processes = 3;
  return sample;
}

}  // namespace

Capture small_capture() {
  Capture capture;
  capture.name = "shop";
  capture.origin = "a test";
  capture.started = "2026-11-20T09:00:00Z";
  capture.resolution = milliseconds(1);
  capture.machine = {2, Bytes(2'147'483'648), "6.18.44", "AMD EPYC", 1};
  capture.server.kind = "gunicorn-sync";
  capture.server.software = "gunicorn 20.1.0";
  capture.server.group = "web";
  capture.server.workers = 2;
  capture.server.timeout = seconds(30);
  capture.classes = {"GET /", "POST /cart, and pay"};
  capture.requests = {request(milliseconds(-5), milliseconds(20), 0),
                      request(milliseconds(30), milliseconds(80), 1),
                      request(milliseconds(40), milliseconds(45), 0)};
  capture.requests[1].bytes_out = 5120;
  capture.requests[1].service = milliseconds(49);
  capture.requests[1].cpu = CpuTime(17'001'000);
  capture.requests[1].worker = 4711;
  capture.groups.resize(2);
  capture.groups[0].group.name = "web";
  capture.groups[0].group.cpu_weight = 100;
  capture.groups[0].group.cpu_quota = milliseconds(50);
  capture.groups[0].group.memory_max = Bytes(134'217'728);
  capture.groups[1].group.name = "proxy";
  for (std::int64_t i = 0; i < 3; ++i) {
    for (GroupSeries& series : capture.groups) series.samples.push_back(sample(i));
    capture.groups[0].samples.back().nr_throttled = i;
    capture.groups[0].samples.back().throttled = milliseconds(3) * i;
    HostSample host;
    host.at = milliseconds(100) * i;
    host.busy = CpuTime(20'000'000) * i;
    capture.host.push_back(host);
  }
  capture.cost = CaptureCost{CpuTime(1'500'000), milliseconds(300)};
  capture.remarks = {"the clock was set at 0.2 s"};
  return capture;
}

}  // namespace cotenant::test
