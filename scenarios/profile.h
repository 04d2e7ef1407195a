// SPDX-License-Identifier: Apache-2.0
//
// How bursty a rate profile can be. Its burstiness is made by a factor that switches between 1 +
// swing and 1 - swing after exponential times of mean L. For a rate m such arrivals have an index
// of dispersion of 1 + m swing^2 L over long times (Fischer and Meier-Hellstern, Performance
// Evaluation 18, 1993, for equal rates of change), and a swing beyond 1 would ask for negative
// rates.
#pragma once

#include "scenarios/scenario.h"

namespace cotenant {

// The swing that gives the profile its burstiness at its mean rate.
double swing_of(const ProfileArrivals& profile);

// The burstiness at a swing of 1.
double highest_burstiness(const ProfileArrivals& profile);

}  // namespace cotenant
