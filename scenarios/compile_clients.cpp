// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_clients.h"

#include <utility>
#include <variant>

#include "scenarios/check_transfers.h"
#include "scenarios/compile_laws.h"

namespace cotenant {
namespace {

template <class Link>
LinkSpec compile_link(const Link& link) {
  return {link.upload.value_or(LinkSpeed{}).bytes_per_second,
          link.download.value_or(LinkSpeed{}).bytes_per_second, link.silence};
}

}  // namespace

LinksSpec compile_links(const Clients& clients) {
  LinksSpec spec;
  spec.usual = compile_link(clients);
  if (!clients.slow) return spec;
  spec.slow = compile_link(*clients.slow);
  spec.slow_share = clients.slow->share;
  return spec;
}

std::optional<BodySpec> compile_body(const RequestClass& request) {
  if (is_empty(request.request_body) && is_empty(reply_of(request))) return std::nullopt;
  return BodySpec{Sampler(compile_law(request.request_body)),
                  Sampler(compile_law(reply_of(request)))};
}

std::optional<RouterSpec> compile_router(const std::optional<Router>& router) {
  if (!router) return std::nullopt;
  return RouterSpec{router->timeout,
                    router->status == 504 ? Outcome::error_504 : Outcome::rejected_503};
}

TransferSteps transfer_steps(const Workload& workload, const RequestClass& request) {
  const LinksSpec links = compile_links(workload.clients);
  const bool slow_upload = links.usual.upload > 0 || links.slow.upload > 0;
  const bool slow_download = links.usual.download > 0 || links.slow.download > 0;
  const bool silent = !links.usual.silence.is_zero() || !links.slow.silence.is_zero();
  return {silent || (slow_upload && !is_empty(request.request_body)),
          slow_download && !is_empty(reply_of(request))};
}

std::vector<StepSpec> with_transfers(std::vector<StepSpec> steps, TransferSteps transfers) {
  if (transfers.upload) steps.insert(steps.begin(), StepSpec{StepSpec::Kind::upload, {}});
  if (transfers.download) steps.push_back(StepSpec{StepSpec::Kind::download, {}});
  return steps;
}

// Passenger and FastCGI's web servers read requests and keep replies, Apache does neither for CGI
// and mod_wsgi.
Front front_of(const Service& service) {
  if (std::holds_alternative<Passenger>(service.server)) return Front::keeps_bodies;
  if (std::holds_alternative<FastCgi>(service.server)) return Front::keeps_bodies;
  if (std::holds_alternative<Cgi>(service.server)) return Front::waits;
  return std::holds_alternative<ModWsgi>(service.server) ? Front::waits : Front::nothing;
}

}  // namespace cotenant
