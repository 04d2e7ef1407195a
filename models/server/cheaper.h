// SPDX-License-Identifier: Apache-2.0
//
// How uWSGI decides, once a second, whether there are enough worker processes: its cheaper
// algorithms, as core/master_utils.c (2.0) has them. A plain value that says what to do; who starts
// and ends processes is in models/server/leader_followers_life.h. Evidence: docs/models/uwsgi.md.
#pragma once

#include <cstdint>

#include "sim/base/hash.h"

namespace cotenant {

enum class CheaperAlgorithm : std::uint8_t {
  spare,    // one process more than are busy
  backlog,  // as many as keep the accept queue short
};

struct CheaperSpec {
  CheaperAlgorithm algorithm = CheaperAlgorithm::spare;
  std::uint32_t workers = 1;   // the fewest, and those that there are at first
  std::uint32_t overload = 3;  // of spare: looks; of backlog: connections
  std::uint32_t step = 1;      // the most that are started at one look
};

// What it sees.
struct CheaperView {
  std::uint32_t active = 0;   // processes that are there, and not told to end
  std::uint32_t busy = 0;     // of these, with a request
  std::uint32_t stopped = 0;  // that could be started
  std::uint32_t queued = 0;   // connections that nobody has accepted
};

class Cheaper {
 public:
  // How many processes to start, or -1: to end one.
  std::int32_t decide(const CheaperSpec& spec, const CheaperView& view);

  void hash_into(Hasher& hasher) const {
    if (overloaded_ > 0 || idle_ > 0) hasher.add(std::uint64_t{overloaded_} << 32 | idle_);
  }

 private:
  std::int32_t decide_by_spare(const CheaperSpec& spec, const CheaperView& view);

  std::uint32_t overloaded_ = 0;  // looks that found all busy, less those since that did not
  std::uint32_t idle_ = 0;        // looks that found more than one free
};

}  // namespace cotenant
