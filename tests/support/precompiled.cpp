// SPDX-License-Identifier: Apache-2.0
//
// Nothing: CMake wants a source file to precompile headers for.
