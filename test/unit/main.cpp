// The unit tests' main. Run a part: unit_tests --test-case='*money*'; list all: --list-test-cases.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
