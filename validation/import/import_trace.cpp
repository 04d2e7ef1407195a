// SPDX-License-Identifier: Apache-2.0
#include "validation/import/import_trace.h"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <string>

#include "study/writers/display.h"
#include "validation/import/imported_scenario.h"
#include "validation/import/log_rows.h"

namespace cotenant {
namespace {

// A file that appears when it is complete.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path file)
      : file_(std::move(file)), temporary_(file_.string() + ".tmp." + std::to_string(getpid())) {
    // "wT" writes without compressing.
    gz_ = gzopen(temporary_.c_str(), file_.extension() == ".gz" ? "wb6" : "wbT");
    if (gz_ == nullptr) fail();
  }
  ~NewFile() {
    if (gz_ == nullptr) return;
    gzclose(gz_);
    unlink(temporary_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void write(const std::string& text) {
    if (text.empty()) return;
    if (gzwrite(gz_, text.data(), static_cast<unsigned>(text.size())) <= 0) fail();
  }
  void finish() {
    const int result = gzclose(std::exchange(gz_, nullptr));
    if (result == Z_OK && std::rename(temporary_.c_str(), file_.c_str()) == 0) return;
    const int error = errno;
    unlink(temporary_.c_str());
    errno = error;
    fail();
  }

 private:
  [[noreturn]] void fail() {
    throw CannotWriteTrace("cannot write " + printable(file_.string()) + ": " +
                           std::strerror(errno == 0 ? EIO : errno));
  }

  std::filesystem::path file_;
  std::string temporary_;
  gzFile gz_ = nullptr;
};

}  // namespace

void write_imported_trace(const std::filesystem::path& file, const Imported& imported,
                          const ImportOptions& options) {
  constexpr std::size_t kBlock = 1 << 16;
  const ChosenClasses chosen = choose_classes(imported.logs, options.classes);
  const std::int64_t start = imported.logs.bins().begin();
  NewFile out(file);
  std::string text = "arrival_us,class,took_us\n";
  for_each_request(imported, options, [&](const Arrival& arrival) {
    fmt::format_to(std::back_inserter(text), "{},{},{}\n", (arrival.at - start) / 1000,
                   chosen.classes[chosen.index[arrival.class_index]].name,
                   (arrival.done - arrival.at) / 1000);
    if (text.size() < kBlock) return;
    out.write(text);
    text.clear();
  });
  out.write(text);
  out.finish();
}

}  // namespace cotenant
