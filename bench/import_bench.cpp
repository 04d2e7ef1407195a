// SPDX-License-Identifier: Apache-2.0
//
// How fast access logs are read, in bytes a second, beside what memchr alone takes to find the ends
// of the same lines.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "validation/import/log_tally.h"

namespace cotenant {
namespace {

constexpr int kLines = 200'000;

// Different paths, stamps and durations, always the same ones.
std::string made_log(const std::string& kind) {
  std::string text;
  for (int i = 0; i < kLines; ++i) {
    const std::string path = i % 3 == 0   ? "/"
                             : i % 3 == 1 ? fmt::format("/products/{}", i * 7919 % 10'000)
                                          : fmt::format("/api/orders/{:016x}?page=2", i);
    const int second = i / 20, took = i * 7919 % 250'000;
    if (kind == "json") {
      text += fmt::format(
          R"({{"msec":"{}.{:03}","m":"GET","uri":"{}","st":200,"rl":412,"bs":5120,"rt":{:.3f},)"
          R"("urt":"{:.3f}","uct":"0.000","c":"{}","cr":"1"}})"
          "\n",
          1'764'750'000 + second, i % 1000, path, took / 1e6, took / 1e6, i);
      continue;
    }
    text += fmt::format(
        "203.0.113.{} - - [03/Dec/2025:{:02}:{:02}:{:02} +0000] \"GET {} HTTP/1.1\" 200 5120 "
        "\"https://example.org/\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/120.0 Safari/537.36\"",
        i % 256, second / 3600, second / 60 % 60, second % 60, path);
    if (kind == "nginx") text += fmt::format(" {:.3f}", took / 1e6);
    if (kind == "apache") text += fmt::format(" {}", took);
    text += '\n';
  }
  return text;
}

void read_log(benchmark::State& state, const std::string& kind) {
  const std::string text = made_log(kind);
  const std::string file = (std::filesystem::temp_directory_path() /
                            fmt::format("cotenant-import-bench.{}.log", getpid()))
                               .string();
  std::ofstream(file, std::ios::binary) << text;
  for (auto _ : state) {
    LogBytes bytes(file);
    const auto format = detect_access_log(bytes.head());
    LogTally tally;
    tally.read(bytes, file, *format);
    benchmark::DoNotOptimize(tally.requests());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  std::filesystem::remove(file);
}

void only_lines(benchmark::State& state) {
  const std::string text = made_log("nginx");
  for (auto _ : state) {
    std::int64_t lines = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
      at = static_cast<const char*>(found) + 1;
      ++lines;
    }
    benchmark::DoNotOptimize(lines);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

BENCHMARK(only_lines)->Name("import/lines_only")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_log, combined, "combined")
    ->Name("import/combined")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_log, nginx, "nginx")->Name("import/nginx")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_log, apache, "apache")->Name("import/apache")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_log, json, "json")->Name("import/json")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cotenant
