// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: how much clients send and receive, and how fast.
#pragma once

#include "scenarios/field.h"
#include "scenarios/fields_law.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr Bytes kLargestBody{1'000'000'000'000};
inline constexpr Whole kAnySize = between(Bytes(0), kLargestBody);
inline constexpr Whole kPositiveSize = between(Bytes(1), kLargestBody);
// Slower ones would need longer for the largest body than a simulation can last.
inline constexpr Whole kLinkSpeed = {1'000, 1'000'000'000'000};

template <>
inline constexpr Title kTitle<SizeLaw> = {
    "size_law", "How large something is: a plain size when it is always the same, or a law."};
template <>
inline constexpr Title kTitle<ConstantSize> = {"constant_size", "Always the same."};
template <>
inline constexpr Title kTitle<ExponentialSize> = {"exponential_size", "Exponential."};
template <>
inline constexpr Title kTitle<UniformSize> = {"uniform_size",
                                              "Anything between two bounds, equally likely."};
template <>
inline constexpr Title kTitle<LognormalSize> = {"lognormal_size", "Lognormal."};
template <>
inline constexpr Title kTitle<ParetoSize> = {
    "pareto_size", "Bounded Pareto: falls as a power, up to a maximum; its minimum follows."};
template <>
inline constexpr Title kTitle<SlowClients> = {
    "slow_clients",
    "A part of the clients, with a link of their own: users, or where there are "
    "none requests."};

template <>
struct ShortForm<SizeLaw> {
  using Value = Bytes;
  static constexpr Field kField = {.help = "Always the same.", .whole = kAnySize};
  static const Bytes* get(const SizeLaw& law) {
    const auto* constant = std::get_if<ConstantSize>(&law.kind);
    return constant == nullptr ? nullptr : &constant->value;
  }
  static void set(SizeLaw& law, Bytes value) { law.kind = ConstantSize{value}; }
};

template <class Visit>
void alternatives(Of<decltype(SizeLaw::kind)>, Visit&& visit) {
  visit(Of<ConstantSize>(), "constant");
  visit(Of<ExponentialSize>(), "exponential");
  visit(Of<UniformSize>(), "uniform");
  visit(Of<LognormalSize>(), "lognormal");
  visit(Of<ParetoSize>(), "pareto");
}

inline constexpr Field kMeanSizeField = {
    .help = "The mean.", .required = true, .whole = kPositiveSize};

template <class Visitor, Same<SizeLaw> T>
void fields(Visitor& v, T& law) {
  v.choice("law", law.kind, "lognormal");
}
template <class Visitor, Same<ConstantSize> T>
void fields(Visitor& v, T& law) {
  v.field("value", law.value, {.help = "The value.", .required = true, .whole = kAnySize});
}
template <class Visitor, Same<ExponentialSize> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanSizeField);
}
template <class Visitor, Same<UniformSize> T>
void fields(Visitor& v, T& law) {
  v.field("low", law.low, {.help = "The lower bound.", .required = true, .whole = kAnySize});
  v.field("high", law.high, {.help = "The upper bound.", .required = true, .whole = kAnySize});
}
template <class Visitor, Same<LognormalSize> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanSizeField);
  v.field("cv", law.cv, kCvField);
}
template <class Visitor, Same<ParetoSize> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanSizeField);
  v.field("tail", law.tail,
          {.help = "The exponent of the tail, often called alpha; smaller is heavier.",
           .required = true,
           .real = {0.1, 100}});
  v.field("max", law.max,
          {.help = "The largest value; above the mean.", .required = true, .whole = kPositiveSize});
}

template <class Visitor, class Link>
void link_fields(Visitor& v, Link& link) {
  v.field("upload", link.upload,
          {.help = "How fast a client sends the body of a request.",
           .whole = kLinkSpeed,
           .absent = "as fast as anybody reads"});
  v.field("download", link.download,
          {.help = "How fast a client receives the body of a reply.",
           .whole = kLinkSpeed,
           .absent = "as fast as anybody writes"});
  // Longer ones meet limits of servers: client_header_timeout of nginx, 60 s.
  v.field("silence", link.silence,
          {.help = "How long a client sends nothing after it has connected. Not on a connection "
                   "that it has kept.",
           .whole = between(seconds(0), seconds(50))});
}
template <class Visitor, Same<SlowClients> T>
void fields(Visitor& v, T& slow) {
  v.field("share", slow.share,
          {.help = "Their share of all clients.", .required = true, .real = {0, 1, true, false}});
  link_fields(v, slow);
}

inline constexpr Field kRequestBodyField = {
    .help =
        "The size of the body that the client sends: a size or a law of sizes. It takes time "
        "where clients have an upload, and nginx has a limit."};
inline constexpr Field kResponseBodyField = {
    .help =
        "The size of the reply, unless it is an error: a size or a law of sizes. It takes time "
        "where clients have a download."};

template <class Visitor, class Server>
void buffering_fields(Visitor& v, Server& server, const char* software) {
  v.field("request_buffering", server.request_buffering,
          {.help = "Whether what is in front reads a request to its end before it asks the server "
                   "for a reply.",
           .source = software});
  v.field("response_buffering", server.response_buffering,
          {.help = "Whether it takes the whole reply at once, whatever its client does.",
           .source = software});
}

}  // namespace cotenant
