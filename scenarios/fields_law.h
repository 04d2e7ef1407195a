// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: laws of durations. Every law is stated by its mean and a shape, in words a
// user knows; the parameters that a generator wants are derived in sim/random.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Times beyond are typing errors; sums of a few of them still fit in 63 bits of ns (292 years).
inline constexpr Duration kLongest = seconds(std::int64_t{400} * 86'400);
inline constexpr Whole kPositiveTime = between(nanoseconds(1), kLongest);
inline constexpr Whole kAnyTime = between(nanoseconds(0), kLongest);
inline constexpr Real kPositiveCv = {0, 100, true, false};

inline constexpr Field kMeanField = {.help = "The mean.", .required = true, .whole = kPositiveTime};
inline constexpr Field kCvField = {
    .help = "The coefficient of variation: the standard deviation divided by the mean.",
    .required = true,
    .real = kPositiveCv};

inline constexpr std::array<std::string_view, 4> kRecordedUnits = {"ns", "us", "ms", "s"};

template <>
inline constexpr Title kTitle<DurationLaw> = {
    "law",
    "How long something takes: a plain duration when it is always the same, or one of these laws."};
template <>
inline constexpr Title kTitle<ConstantLaw> = {"constant_law", "Always the same."};
template <>
inline constexpr Title kTitle<ExponentialLaw> = {"exponential_law", "Exponential."};
template <>
inline constexpr Title kTitle<UniformLaw> = {"uniform_law",
                                             "Anything between two bounds, equally likely."};
template <>
inline constexpr Title kTitle<NormalLaw> = {
    "normal_law",
    "Normal, without its part below zero; mean and cv are those before that part is cut off."};
template <>
inline constexpr Title kTitle<LognormalLaw> = {"lognormal_law",
                                               "Lognormal: the usual shape of service times."};
template <>
inline constexpr Title kTitle<GammaLaw> = {"gamma_law", "Gamma."};
template <>
inline constexpr Title kTitle<ErlangLaw> = {"erlang_law",
                                            "The sum of equal exponential stages: cv 1/√stages."};
template <>
inline constexpr Title kTitle<HyperexponentialLaw> = {
    "hyperexponential_law", "One of two exponential laws that contribute half of the mean each."};
template <>
inline constexpr Title kTitle<WeibullLaw> = {"weibull_law", "Weibull."};
template <>
inline constexpr Title kTitle<ParetoLaw> = {
    "pareto_law", "Bounded Pareto: falls as a power, up to a maximum; its minimum follows."};
template <>
inline constexpr Title kTitle<EmpiricalLaw> = {"empirical_law",
                                               "Measured quantiles, joined by straight lines."};
template <>
inline constexpr Title kTitle<EmpiricalPoint> = {"empirical_point",
                                                 "A quantile: [probability, value]."};
template <>
inline constexpr Title kTitle<RecordedLaw> = {
    "recorded_law", "What the replayed request itself took, from a column of the recording."};
template <>
inline constexpr Title kTitle<MixtureLaw> = {"mixture_law",
                                             "One of several laws, chosen anew each time."};
template <>
inline constexpr Title kTitle<MixturePart> = {"mixture_part", "One of the laws of a mixture."};
template <>
inline constexpr bool kIsTuple<EmpiricalPoint> = true;

template <>
struct ShortForm<DurationLaw> {
  using Value = Duration;
  static constexpr Field kField = {.help = "Always the same.", .whole = kAnyTime};
  static const Duration* get(const DurationLaw& law) {
    const auto* constant = std::get_if<ConstantLaw>(&law.kind);
    return constant == nullptr ? nullptr : &constant->value;
  }
  static void set(DurationLaw& law, Duration value) { law.kind = ConstantLaw{value}; }
};

template <class Visit>
void alternatives(Of<decltype(DurationLaw::kind)>, Visit&& visit) {
  visit(Of<ConstantLaw>(), "constant");
  visit(Of<ExponentialLaw>(), "exponential");
  visit(Of<UniformLaw>(), "uniform");
  visit(Of<NormalLaw>(), "normal");
  visit(Of<LognormalLaw>(), "lognormal");
  visit(Of<GammaLaw>(), "gamma");
  visit(Of<ErlangLaw>(), "erlang");
  visit(Of<HyperexponentialLaw>(), "hyperexponential");
  visit(Of<WeibullLaw>(), "weibull");
  visit(Of<ParetoLaw>(), "pareto");
  visit(Of<EmpiricalLaw>(), "empirical");
  visit(Of<RecordedLaw>(), "recorded");
  visit(Of<MixtureLaw>(), "mixture");
}

template <class Visitor, Same<DurationLaw> T>
void fields(Visitor& v, T& law) {
  v.choice("law", law.kind, "lognormal");
}
template <class Visitor, Same<ConstantLaw> T>
void fields(Visitor& v, T& law) {
  v.field("value", law.value, {.help = "The value.", .required = true, .whole = kAnyTime});
}
template <class Visitor, Same<ExponentialLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
}
template <class Visitor, Same<UniformLaw> T>
void fields(Visitor& v, T& law) {
  v.field("low", law.low, {.help = "The lower bound.", .required = true, .whole = kAnyTime});
  v.field("high", law.high, {.help = "The upper bound.", .required = true, .whole = kAnyTime});
}
template <class Visitor, Same<NormalLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("cv", law.cv, kCvField);
}
template <class Visitor, Same<LognormalLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("cv", law.cv, kCvField);
}
template <class Visitor, Same<GammaLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("cv", law.cv, kCvField);
}
template <class Visitor, Same<ErlangLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("stages", law.stages,
          {.help = "How many exponential stages.", .required = true, .whole = {1, 1000}});
}
template <class Visitor, Same<HyperexponentialLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("cv", law.cv,
          {.help = "The coefficient of variation; at 1 the law is exponential.",
           .required = true,
           .real = {1, 100}});
}
template <class Visitor, Same<WeibullLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  // Below 0.1 the mean is made by one value in a million; gamma(1 + 1/shape) grows beyond reason.
  v.field("shape", law.shape,
          {.help = "The shape; 1 is exponential, below 1 the tail is longer.",
           .required = true,
           .real = {0.1, 100}});
}
template <class Visitor, Same<ParetoLaw> T>
void fields(Visitor& v, T& law) {
  v.field("mean", law.mean, kMeanField);
  v.field("tail", law.tail,
          {.help = "The exponent of the tail, often called alpha; smaller is heavier.",
           .required = true,
           .real = {0.1, 100}});
  v.field("max", law.max,
          {.help = "The largest value; above the mean.", .required = true, .whole = kPositiveTime});
}
template <class Visitor, Same<EmpiricalPoint> T>
void fields(Visitor& v, T& point) {
  v.field("probability", point.probability,
          {.help = "Share of the values that are not above the value.",
           .required = true,
           .real = {0, 1}});
  v.field("value", point.value, {.help = "The value.", .required = true, .whole = kAnyTime});
}
template <class Visitor, Same<EmpiricalLaw> T>
void fields(Visitor& v, T& law) {
  v.field("points", law.points,
          {.help = "Quantiles by increasing probability, the first at 0, the last at 1.",
           .required = true,
           .min_items = 2,
           .max_items = 10'000});
}
template <class Visitor, Same<RecordedLaw> T>
void fields(Visitor& v, T& law) {
  v.field("column", law.column, {.help = "The column of the replayed file.", .required = true});
  v.field("parameter", law.parameter,
          {.help = "The parameter of the URL in that column that holds the value.",
           .absent = "the column holds the value itself"});
  v.field(
      "unit", law.unit,
      {.help = "The unit of the recorded numbers.", .required = true, .choices = kRecordedUnits});
}
template <class Visitor, Same<MixturePart> T>
void fields(Visitor& v, T& part) {
  v.field("weight", part.weight,
          {.help = "How often this law is chosen, relative to the other parts.",
           .required = true,
           .real = {0, 1e9, true, false}});
  v.field("law", part.law, {.help = "The law.", .required = true});
}
template <class Visitor, Same<MixtureLaw> T>
void fields(Visitor& v, T& law) {
  v.field("parts", law.parts,
          {.help = "The laws; none of them recorded.",
           .required = true,
           .min_items = 1,
           .max_items = 100});
}

}  // namespace cotenant
