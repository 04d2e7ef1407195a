// SPDX-License-Identifier: Apache-2.0
//
// The sum grows by what a counter has grown, or by all of it where it has begun anew.
#include "validation/capture/recorder/running_counters.h"

#include "validation/capture/columns.h"

namespace cotenant {
namespace {

template <class T>
T increase(const T& now, const T& last, bool& went_back) {
  if (now >= last) return now - last;
  went_back = true;
  return now;
}

// Sets `grown` to what the counter has grown since `last`.
struct Grow {
  bool& went_back;

  template <class T>
  void operator()(const char*, T& now, T& last) const {
    const T grown = increase(now, last, went_back);
    last = now;
    now = grown;
  }
  template <class T>
  void operator()(const char* name, std::optional<T>& now, std::optional<T>& last) const {
    if (!now) return;  // not told this time; what it was is kept
    if (!last) {
      last = *now;
      now = T();
      return;
    }
    (*this)(name, *now, *last);
  }
};

struct AddUp {
  template <class T>
  void operator()(const char*, T& now, T& sum) const {
    sum = sum + now;
    now = sum;
  }
  template <class T>
  void operator()(const char* name, std::optional<T>& now, std::optional<T>& sum) const {
    if (!now) return;
    if (!sum) sum = T();
    (*this)(name, *now, *sum);
  }
};

struct SetToZero {
  template <class T>
  void operator()(const char*, T& now, T&) const {
    now = T();
  }
  template <class T>
  void operator()(const char*, std::optional<T>& now, std::optional<T>&) const {
    if (now) now = T();
  }
};

}  // namespace

bool RunningCounters::turn(GroupSample& sample) {
  if (is_first_) last_ = sample;
  is_first_ = false;
  bool went_back = false;
  visit_counters(sample, last_, Grow{went_back});
  visit_counters(sample, sum_, AddUp());
  return went_back;
}

void RunningCounters::start_anew() { visit_counters(last_, last_, SetToZero()); }

}  // namespace cotenant
