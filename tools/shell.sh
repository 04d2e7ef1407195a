# SPDX-License-Identifier: Apache-2.0
#
# What ./dev, .ci/run and tools/fuzz have in common: configure and build a preset, run its tests by
# label, and run named stages that are counted. Sourced by bash; leaves the caller in the project root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi

# on_fixed_addresses PRESET COMMAND...
# The sanitizers of clang 14 map their shadow at fixed addresses, which kernels with vm.mmap_rnd_bits=32
# may have given away; without address randomization they always fit. Containers may forbid setarch.
# Every other build runs randomized, so that an order that hangs on addresses shows.
on_fixed_addresses() {
  local preset=$1
  shift
  case $preset in
    asan-ubsan | tsan)
      if setarch "$(uname -m)" -R true 2>/dev/null; then set -- setarch "$(uname -m)" -R "$@"; fi ;;
  esac
  "$@"
}

# configure PRESET [CMAKE-ARGUMENT...]   quiet unless it fails
configure() {
  local log=build/configure-$1.log
  mkdir -p build
  cmake --preset "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  configure "$preset" || return
  on_fixed_addresses "$preset" cmake --build --preset "$preset" ${1:+--target "$@"}
}

# any_of LABEL...   the regular expression that matches each
any_of() {
  local IFS='|'
  echo "$*"
}

# run_tests PRESET LABEL-REGEX [CTEST-ARGUMENT...]   the label must match whole; no test at all is a failure
run_tests() {
  local preset=$1 labels=$2
  shift 2
  on_fixed_addresses "$preset" ctest --preset "$preset" -L "^($labels)\$" "$@"
}

# build_and_test PRESET LABEL...   builds no more than those tests: the thread sanitizer cannot link the
# ones that count allocations, because both replace operator new
build_and_test() {
  local preset=$1
  shift
  build "$preset" "${@/#/tests_}"
  run_tests "$preset" "$(any_of "$@")"
}

# program PRESET NAME   the path of an executable of that build
program() {
  local path
  path=$(find "build/$1" -name "$2" -type f -perm -u+x -print -quit)
  [ -n "$path" ] || { echo "build/$1 has no program named $2" >&2; return 1; }
  echo "$path"
}

passed=0
failed=0
failures=()

# stage NAME COMMAND...   runs the command, whose `set -e` holds, and counts it
stage() {
  local name=$1 begin=$SECONDS status
  shift
  printf '\n=== %s\n' "$name"
  set +e
  (set -e; "$@")
  status=$?
  set -e
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1))
    printf '=== %s: passed in %d s\n' "$name" $((SECONDS - begin))
  else
    failed=$((failed + 1))
    failures+=("$name")
    printf '=== %s: FAILED with status %d after %d s\n' "$name" "$status" $((SECONDS - begin))
  fi
}

# The verdict over all stages, as the last line.
summary() {
  echo
  if [ "$failed" -gt 0 ]; then printf 'failed: %s\n' "${failures[@]}"; fi
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
