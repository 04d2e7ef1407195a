// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/write_bundle.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "validation/capture/columns.h"
#include "validation/capture/gzip_members.h"
#include "validation/capture/manifest.h"

namespace cotenant {
namespace {

namespace fs = std::filesystem;

// Beyond this the rows are written without being asked for: a recorder that flushes each second
// has less, an importer of a large log need not think of it.
constexpr std::size_t kMostKept = 1 << 20;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw CannotWriteBundle("cannot write " + file.string() + ": " + std::strerror(error));
}

void append(std::string& text, std::int64_t number) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end);
}
void append(std::string& text, Duration time) { append(text, time.count() / 1000); }
void append(std::string& text, CpuTime time) { append(text, time.count() / 1000); }
void append(std::string& text, Bytes bytes) { append(text, bytes.count()); }
template <class T>
void append(std::string& text, const std::optional<T>& value) {
  if (value) append(text, *value);
}

// Appends each visited value and a comma.
struct AppendValue {
  std::string& text;
  template <class T>
  void operator()(const char*, const T& value) {
    append(text, value);
    text += ',';
  }
};

struct AppendName {
  std::string& text;
  template <class T>
  void operator()(const char* name, const T&) {
    text += name;
    text += ',';
  }
};

// 0, or the reason why not everything could be written.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

// Readers see the old one or the new one.
void replace_file(const fs::path& file, std::string_view text) {
  fs::path beside = file;
  beside += ".tmp";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(beside, errno);
  int error = write_all(descriptor, text);
  if (error == 0 && fsync(descriptor) != 0) error = errno;
  close(descriptor);
  if (error != 0) fail(beside, error);
  if (std::rename(beside.c_str(), file.c_str()) != 0) fail(file, errno);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, error.value());
  if (!fs::is_empty(folder, error)) {
    throw CannotWriteBundle("cannot write " + folder.string() +
                            ": it is there and not empty; a bundle needs a folder of its own");
  }
}

}  // namespace

std::string class_name(std::string_view text) {
  std::string name(text.substr(0, text.find_first_of("?#")));
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f) c = '_';
  }
  return name;
}

BundleWriter::BundleWriter(fs::path folder, const Capture& description)
    : folder_(std::move(folder)), streams_(kStreams) {
  make_folder(folder_);
  write_manifest(description, false);
  std::string requests, groups, host;
  const CapturedRequest request;
  const GroupRow group_row;
  const HostSample host_row;
  visit_request(request, AppendName{requests});
  visit_group(group_row, AppendName{groups});
  visit_host(host_row, AppendName{host});
  open(kClasses, kClassesFile, "class,name,");
  open(kRequests, kRequestsFile, requests);
  open(kGroups, kGroupsFile, groups);
  open(kHost, kHostFile, host);
  for (const std::string& name : description.classes) class_index(name);
  flush();
}

BundleWriter::~BundleWriter() {
  for (const Stream& stream : streams_) {
    if (stream.descriptor >= 0) close(stream.descriptor);
  }
}

void BundleWriter::open(StreamIndex index, const char* name, std::string header) {
  Stream& stream = streams_[index];
  stream.name = name;
  const fs::path file = folder_ / name;
  stream.descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (stream.descriptor < 0) fail(file, errno);
  header.back() = '\n';
  stream.text = std::move(header);
}

std::uint32_t BundleWriter::class_index(std::string_view name) {
  const std::string known = class_name(name);
  const auto index = static_cast<std::uint32_t>(classes_.size());
  const auto [found, is_new] = classes_.emplace(known, index);
  if (is_new) {
    std::string& text = streams_[kClasses].text;
    append(text, index);
    text += ',' + known + ',';
    end_row(kClasses);
  }
  return found->second;
}

void BundleWriter::add(const CapturedRequest& request) {
  visit_request(request, AppendValue{streams_[kRequests].text});
  end_row(kRequests);
}

void BundleWriter::add(std::uint32_t group, const GroupSample& sample) {
  const GroupRow row{group, sample};
  visit_group(row, AppendValue{streams_[kGroups].text});
  end_row(kGroups);
}

void BundleWriter::add(const HostSample& sample) {
  visit_host(sample, AppendValue{streams_[kHost].text});
  end_row(kHost);
}

void BundleWriter::end_row(StreamIndex index) {
  Stream& stream = streams_[index];
  stream.text.back() = '\n';  // instead of the comma after the last value
  ++stream.rows;
  if (stream.text.size() <= kMostKept) return;
  // A class is in its file before a request of it.
  if (index == kRequests) write(streams_[kClasses]);
  write(stream);
}

void BundleWriter::write(Stream& stream) {
  if (stream.text.empty()) return;
  const std::string member = gzip_member(stream.text);
  stream.text.clear();
  if (const int error = write_all(stream.descriptor, member); error != 0) {
    fail(folder_ / stream.name, error);
  }
  stream.sum = checksum(member, stream.sum);
}

void BundleWriter::describe(const Capture& description) { write_manifest(description, false); }

void BundleWriter::flush() {
  for (Stream& stream : streams_) write(stream);
}

void BundleWriter::finish(const Capture& description) {
  flush();
  for (Stream& stream : streams_) {
    if (fsync(stream.descriptor) != 0) fail(folder_ / stream.name, errno);
  }
  write_manifest(description, true);
}

void BundleWriter::write_manifest(const Capture& description, bool complete) {
  std::vector<BundleFile> files;
  for (const Stream& stream : streams_) {
    if (complete) files.push_back({stream.name, stream.rows, stream.sum});
  }
  Capture shown = description;
  shown.complete = complete;
  replace_file(folder_ / kManifestFile, manifest_text(shown, files));
}

void write_bundle(const fs::path& folder, const Capture& capture) {
  BundleWriter writer(folder, capture);
  // Classes whose names are the same in a bundle are one.
  std::vector<std::uint32_t> classes;
  for (const std::string& name : capture.classes) classes.push_back(writer.class_index(name));
  for (CapturedRequest request : capture.requests) {
    request.class_index = classes.at(request.class_index);
    writer.add(request);
  }
  for (std::uint32_t group = 0; group < capture.groups.size(); ++group) {
    for (const GroupSample& sample : capture.groups[group].samples) writer.add(group, sample);
  }
  for (const HostSample& sample : capture.host) writer.add(sample);
  writer.finish(capture);
}

}  // namespace cotenant
