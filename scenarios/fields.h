// SPDX-License-Identifier: Apache-2.0
//
// The field table: every key of a scenario file once, with unit, range and one sentence of help. It
// drives decoder, encoder, JSON Schema and reference documentation. scenarios/field.h explains the
// vocabulary; a new key is a new line in one of these files and a member in scenarios/scenario.h.
#pragma once

#include "scenarios/fields_application.h"
#include "scenarios/fields_law.h"
#include "scenarios/fields_parameters.h"
#include "scenarios/fields_setup.h"
#include "scenarios/fields_study.h"
#include "scenarios/fields_workload.h"
