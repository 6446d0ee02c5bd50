// The part of libFuzzer's interface that the targets use (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a
// library"). The library itself comes with the toolchain; `-sanitize=fuzzer` links it.
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*oneInput)(const uint8_t *data, size_t size));
