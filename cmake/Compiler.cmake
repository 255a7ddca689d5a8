# One compiler, its warnings, its linker: the interface target claimcheck_options carries them.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "claimcheck needs clang 19 or newer (g++ 12 miscompiles its coroutines); "
    "found ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}; use a preset, as ./dev does.")
endif()

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
find_program(CCACHE ccache)
if(CCACHE)
  # What ccache must not look at to be able to cache files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(claimcheck_options INTERFACE)
target_compile_features(claimcheck_options INTERFACE cxx_std_23)
set(CMAKE_CXX_EXTENSIONS OFF)
target_compile_definitions(claimcheck_options INTERFACE
  _GLIBCXX_ASSERTIONS
  $<$<BOOL:${CLAIMCHECK_FAILPOINTS}>:CLAIMCHECK_FAILPOINTS=1>)
# Designated initializers that leave members at their defaults are this project's named arguments.
target_compile_options(claimcheck_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror
  -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wextra-semi -Wimplicit-fallthrough -Wnull-dereference -Wcast-align -Wunused
  -Wno-missing-designated-field-initializers
  # In a group a local of one file may have the name of something in another.
  $<$<NOT:$<BOOL:${CLAIMCHECK_GROUPED}>>:-Wshadow>
  -fcolor-diagnostics
  "SHELL:-Xclang -fno-pch-timestamp")
target_link_options(claimcheck_options INTERFACE -Wl,--as-needed)

find_program(MOLD mold)
if(MOLD)
  target_link_options(claimcheck_options INTERFACE -fuse-ld=mold)
endif()

if(CLAIMCHECK_SANITIZERS)
  set(flags -fsanitize=${CLAIMCHECK_SANITIZERS} -fno-sanitize-recover=all)
  target_compile_options(claimcheck_options INTERFACE ${flags})
  target_link_options(claimcheck_options INTERFACE ${flags})
endif()
