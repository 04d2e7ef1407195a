// SPDX-License-Identifier: Apache-2.0
#include "bench/service_scenario.h"

namespace cotenant {
namespace {

std::string on_cores(int cores, std::uint64_t seconds) {
  return R"("setups": { "host": { "machine": { "cores": )" + std::to_string(cores) +
         R"(, "scheduler": "fluid" } } },
  "study": { "duration": ")" +
         std::to_string(seconds) + R"(s", "warmup": "0s", "replications": 1 } })";
}

}  // namespace

std::string two_tier_scenario(std::uint64_t seconds) {
  return R"({ "format": 1, "name": "proxy and cache",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "20000/s" },
    "requests": { "get": { "service": "proxy", "steps": [{ "cpu": "20us" }] } },
    "clients": { "keep_alive": { "connections": 64 } }
  },
  "application": {
    "proxy": { "server": "nginx", "workers": 8, "upstream": { "cache1": {}, "cache2": {} },
               "upstream_keep_alive": 32 },
    "cache1": { "server": "uvicorn", "overhead": "none" },
    "cache2": { "server": "uvicorn", "overhead": "none" }
  },
  )" + on_cores(10, seconds);
}

std::string twelve_services_scenario(std::uint64_t seconds) {
  return R"({ "format": 1, "name": "twelve services",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "300/s" },
    "requests": { "page": { "service": "gateway", "steps": [
      { "cpu": "400us" },
      { "together": [{ "call": "users.who" }, { "call": "catalog.list" }, { "call": "cart.show" }] },
      { "call": "recommend.some" }, { "cpu": "300us" }] } }
  },
  "application": {
    "gateway": { "server": "uvicorn", "workers": 2 },
    "users": { "server": "uvicorn", "operations": { "who": { "steps": [
      { "cpu": "200us" }, { "call": "sessions.get" }, { "call": "accounts.read" }] } } },
    "catalog": { "server": "uvicorn", "workers": 2, "operations": { "list": { "steps": [
      { "cpu": "500us" }, { "together": [{ "call": "search.find" }, { "call": "prices.all" }] }] } } },
    "cart": { "server": "uvicorn", "operations": { "show": { "steps": [
      { "cpu": "300us" }, { "call": "baskets.get" }, { "call": "stock.count" }] } } },
    "search": { "server": "uvicorn", "workers": 2, "operations": { "find": { "steps": [
      { "cpu": "1ms" }] } } },
    "prices": { "server": "uvicorn", "operations": { "all": { "steps": [
      { "cpu": "300us" }, { "call": "products.read" }] } } },
    "recommend": { "server": "uvicorn", "operations": { "some": { "steps": [
      { "cpu": "600us" }, { "call": "features.ask" }] } } },
    "sessions": { "server": "redis", "operations": { "get": { "steps": [{ "cpu": "30us" }] } } },
    "baskets": { "server": "redis", "operations": { "get": { "steps": [{ "cpu": "30us" }] } } },
    "accounts": { "server": "external", "operations": { "read": { "steps": [{ "wait": "2ms" }] } } },
    "products": { "server": "external", "operations": { "read": { "steps": [{ "wait": "3ms" }] } } },
    "stock": { "server": "external", "operations": { "count": { "steps": [{ "wait": "2ms" }] } } },
    "features": { "server": "external", "operations": { "ask": { "steps": [{ "wait": "10ms" }] } } }
  },
  )" + on_cores(8, seconds);
}

}  // namespace cotenant
