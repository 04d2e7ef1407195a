// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/recording/recording.h"

#include <gtest/gtest.h>

namespace cotenant {

void RecordingFiles::write_to(const TemporaryDirectory& directory) const {
  directory.write("experiment.json", experiment);
  directory.write("summary.json", summary);
  directory.write("requests.csv.gz", requests);
  directory.write("resources.csv.gz", resources);
}

RecordingFiles small_recording() {
  return {R"({"name": "E3_small_s1", "exp": "E3",
  "server": {"kind": "gunicorn-sync", "workers": 1},
  "srv_cg": {},
  "load": {"mode": "open", "duration": 3, "warmup": 1, "timeout": 4, "seed": 7},
  "neighbours": []})",
          R"({"srv_cpu_ms_per_request": 20.3, "worker_restarts": 0, "worker_timeouts": 0})",
          "id,cls,sched_us,start_us,conn_us,fb_us,done_us,lat_us,status,err,path\n"
          "0,0,500000,500010,500050,511000,511000,11000,200,0,/w?cpu=10.000\n"
          "1,0,1500000,1500010,1500050,1521000,1521000,21000,200,0,/w?cpu=20.000\n"
          "2,0,2500000,2500010,2500050,2533000,2533000,33000,200,0,/w?cpu=30.000\n",
          "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n"
          "-20000,0,0,0,0,0\n"
          "900000,9,1,1000,10000,500000\n"
          "1100000,11,3,5000,14000,700000\n"
          "3000000,30,10,25000,60000,900000\n"
          "3100000,31,10,25000,60900,1000000\n"};
}

RecordingFiles with_experiment(const std::string& part, const std::string& replacement) {
  RecordingFiles files = small_recording();
  const std::size_t at = files.experiment.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  files.experiment.replace(at, part.size(), replacement);
  return files;
}

Bundle read_good(const RecordingFiles& files) {
  const TemporaryDirectory directory;
  files.write_to(directory);
  const Checked<Bundle> bundle = read_bundle(directory.path());
  EXPECT_TRUE(bundle.ok()) << render(bundle.diagnostics(), "bundle");
  return bundle.ok() ? *bundle : Bundle();
}

}  // namespace cotenant
