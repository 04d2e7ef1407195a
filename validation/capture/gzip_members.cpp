// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/gzip_members.h"

#include <zlib.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "sim/base/assert.h"

namespace cotenant {
namespace {

constexpr std::size_t kChunk = 1 << 16;
constexpr int kGzipOnly = 15 + 16;  // the largest window, and a gzip header (zlib.h)

// zlib wants pointers to unsigned bytes that it does not write to.
Bytef* bytes_of(std::string_view text) {
  return const_cast<Bytef*>(static_cast<const Bytef*>(static_cast<const void*>(text.data())));
}

// The state of zlib for one member.
class Inflater {
 public:
  Inflater() { COTENANT_ASSERT(inflateInit2(&stream_, kGzipOnly) == Z_OK); }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends to `text`; how zlib ended, and how many of the bytes it took.
  int inflate_some(std::string_view bytes, std::string& text, std::size_t& taken) {
    stream_.next_in = bytes_of(bytes);
    stream_.avail_in = static_cast<uInt>(bytes.size());
    int status = Z_OK;
    do {
      std::array<char, kChunk> out;
      stream_.next_out = bytes_of({out.data(), out.size()});
      stream_.avail_out = static_cast<uInt>(out.size());
      status = inflate(&stream_, Z_NO_FLUSH);
      text.append(out.data(), out.size() - stream_.avail_out);
    } while (status == Z_OK && stream_.avail_out == 0 && text.size() <= GzipMembers::kMostText);
    taken = bytes.size() - stream_.avail_in;
    return status == Z_BUF_ERROR ? Z_OK : status;  // it has seen all there is
  }

 private:
  z_stream stream_ = {};
};

}  // namespace

std::string gzip_member(std::string_view text) {
  z_stream stream = {};
  constexpr int kMemory = 8;  // zlib's default
  COTENANT_ASSERT(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipOnly, kMemory,
                               Z_DEFAULT_STRATEGY) == Z_OK);
  std::string bytes(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = bytes_of(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = bytes_of(bytes);
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int status = deflate(&stream, Z_FINISH);
  bytes.resize(bytes.size() - stream.avail_out);
  deflateEnd(&stream);
  COTENANT_ASSERT(status == Z_STREAM_END);
  return bytes;
}

std::uint32_t checksum(std::string_view bytes, std::uint32_t before) {
  return static_cast<std::uint32_t>(crc32_z(before, bytes_of(bytes), bytes.size()));
}

GzipMembers::GzipMembers(const std::filesystem::path& file)
    : name_(file.string()), in_(file, std::ios::binary) {
  if (!in_ || std::filesystem::is_directory(file)) throw std::runtime_error("cannot read " + name_);
}

bool GzipMembers::next(std::string& text) {
  text.clear();
  if (end_ != End::whole || (rest().empty() && !fill())) return false;
  Inflater inflater;
  for (;;) {
    std::size_t taken = 0;
    const int status = inflater.inflate_some(rest(), text, taken);
    used_ += taken;
    if (status == Z_STREAM_END) return true;
    if (status != Z_OK || text.size() > kMostText) {
      end_ = End::damaged;
      break;
    }
    if (rest().empty() && !fill()) {
      end_ = End::cut_off;
      break;
    }
  }
  while (fill()) used_ = buffer_.size();  // for the sum
  text.clear();
  return false;
}

bool GzipMembers::fill() {
  buffer_.resize(kChunk);
  used_ = 0;
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.resize(static_cast<std::size_t>(in_.gcount()));
  if (in_.bad()) throw std::runtime_error("cannot read " + name_);
  sum_ = checksum(buffer_, sum_);
  return !buffer_.empty();
}

}  // namespace cotenant
