// SPDX-License-Identifier: Apache-2.0
//
// Words for the scenarios of the oracles: quantities, laws, arrivals, services. Overheads are
// "none" and queues as long as the format allows, because textbook models know neither.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/oracle/simulation.h"

namespace cotenant::oracle {

// Whole nanoseconds.
std::string duration_text(double seconds);
std::string rate_text(double per_second);

Json poisson(double rate);
Json constant_arrivals(double rate);
Json closed(int users, const Json& think);
Json replay(const std::string& file, bool classes);

Json constant_law(double value);
Json exponential_law(double mean);

// A service time in the words of the rows ("lognormal scv 4, mean 1") scaled to this mean, and the
// square of its coefficient of variation.
Json law_of(const std::string& words, double mean);
double scv_of(const std::string& words);

Json cpu(const Json& law);
Json wait(const Json& law);

// One class with arrivals of its own, or, if they are null, with a share of the common ones.
Json request(const Json& arrivals, const Json& steps, const std::string& service = "");

Json service(int workers);
Json limited_service(int workers, int limit);

// Calls from where nothing waits and nothing costs.
Json free_loop();

// A step that calls "service.operation", and what that operation, "serve", does.
Json call(const std::string& operation);
Json with_operation(Json service, const Json& steps);

Json machine(int cores, const std::string& scheduler);

// A scenario with one setup, "s". Groups, guests and placements may be empty.
struct Pieces {
  Json arrivals;     // common; null: every class has its own
  Json requests;     // object of classes
  Json application;  // object of services
  Json machine;
  Json groups = Json::object();
  Json guests = Json::object();
  Json placements = Json::object();
  double timeout = 0;  // seconds; 0: none
  Json retries;        // null: none
};
Json scenario(const std::string& name, const Pieces& pieces);

// Enough workers that no request waits for one: processor sharing over all requests in the system.
inline constexpr int kManyWorkers = 2000;

}  // namespace cotenant::oracle
