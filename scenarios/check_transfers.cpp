// SPDX-License-Identifier: Apache-2.0
#include "scenarios/check_transfers.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

void check_kind(Checker& checker, const std::string& pointer, const UniformSize& law) {
  if (law.low <= law.high) return;
  checker.problem(
      pointer + "/high",
      fmt::format("must not be below low, {}, got {}", to_text(law.low), to_text(law.high)),
      "at least " + to_text(law.low));
}
void check_kind(Checker& checker, const std::string& pointer, const ParetoSize& law) {
  if (law.mean < law.max) return;
  checker.problem(
      pointer + "/max",
      fmt::format("must be above the mean, {}, got {}", to_text(law.mean), to_text(law.max)),
      "more than " + to_text(law.mean));
}
void check_kind(Checker&, const std::string&, const auto&) {}

void check_body(Checker& checker, const std::string& pointer, const SizeLaw& law,
                const Service* service) {
  if (!checker.sound(pointer)) return;
  check_size(checker, pointer, law);
  if (service == nullptr || !is_celery(*service) || is_empty(law)) return;
  checker.problem(pointer, "a task has no client who would send or receive anything");
}

void check_file(Checker& checker, const std::string& pointer, const RequestClass& request,
                const Service* service) {
  check_body(checker, pointer + "/file", *request.file, service);
  if (!is_empty(request.response_body)) {
    checker.problem(pointer + "/response_body", "excludes a file, whose size is that of the reply");
  }
  if (!request.handler.empty()) {
    checker.problem(pointer + "/handler", "excludes a file: nobody handles the request");
  }
  if (service != nullptr && !std::holds_alternative<Nginx>(service->server)) {
    checker.problem(pointer + "/file",
                    "only nginx sends files by itself: describe by steps what the service does");
  }
}

template <class Has>
bool any_class(const Checker& checker, Has has) {
  const auto& requests = checker.scenario().workload.requests;
  return std::any_of(requests.begin(), requests.end(),
                     [&](const auto& named) { return has(named.second); });
}

template <class Link>
void check_link(Checker& checker, const std::string& pointer, const Link& link) {
  const bool uploads =
      any_class(checker, [](const RequestClass& each) { return !is_empty(each.request_body); });
  const bool downloads =
      any_class(checker, [](const RequestClass& each) { return !is_empty(reply_of(each)); });
  if (link.upload && !uploads) {
    checker.problem(pointer + "/upload",
                    "no request class says how much is sent: give one a request_body");
  }
  if (link.download && !downloads) {
    checker.problem(
        pointer + "/download",
        "no request class says how much is received: give one a response_body or a file");
  }
}

}  // namespace

const SizeLaw& reply_of(const RequestClass& request) {
  return request.file ? *request.file : request.response_body;
}

void check_size(Checker& checker, const std::string& pointer, const SizeLaw& law) {
  std::visit([&](const auto& kind) { check_kind(checker, pointer, kind); }, law.kind);
}

bool is_empty(const SizeLaw& law) {
  const auto* constant = std::get_if<ConstantSize>(&law.kind);
  return constant != nullptr && constant->value.is_zero();
}

void check_bodies(Checker& checker, const std::string& pointer, const RequestClass& request,
                  const Service* service) {
  check_body(checker, pointer + "/request_body", request.request_body, service);
  check_body(checker, pointer + "/response_body", request.response_body, service);
  if (request.file) check_file(checker, pointer, request, service);
}

void check_links(Checker& checker, const Clients& clients) {
  const std::string pointer = "/workload/clients";
  if (!checker.sound("/workload")) return;
  check_link(checker, pointer, clients);
  if (!clients.slow) return;
  check_link(checker, pointer + "/slow", *clients.slow);
  const SlowClients& slow = *clients.slow;
  if (slow.upload || slow.download || !slow.silence.is_zero()) return;
  checker.problem(pointer + "/slow", "needs upload, download or silence: what they are slow in");
}

}  // namespace cotenant
