# Compiler, language level, sanitizers and the static release build.
option(REKEYER_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(REKEYER_STATIC "Link the executable fully static" OFF)
option(REKEYER_TESTS "Build the tests" ON)
option(REKEYER_NIGHTLY "Tests: everything under the sanitizers too, long fuzzing, every header alone" OFF)
# Where tests of the developer build find what they want fast: the release build's programs.
set(REKEYER_RELEASE ${CMAKE_SOURCE_DIR}/build/release)

# GCC 12 miscompiles coroutines silently (docs/design/0003-compiler.md), so it is refused, not warned about.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "rekeyer needs clang-19 (or GCC 13 and later): GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles "
                      "coroutines. Configure with: cmake --preset dev")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# No precompiled header: it saves little beside batches of sources (cmake/Layer.cmake), and without one objects are the same in every build
# folder and checkout, so that ccache finds them again.
find_program(REKEYER_CCACHE ccache)
if(REKEYER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${REKEYER_CCACHE})
endif()

add_library(rekeyer_options INTERFACE)
target_include_directories(rekeyer_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(rekeyer_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_UNITY_BUILD)
  # A batch sees the names that its other files keep to themselves: only single files say whether a name hides another.
  target_compile_options(rekeyer_options INTERFACE -Wno-shadow)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(rekeyer_options INTERFACE -fuse-ld=lld-19)
endif()

if(REKEYER_SANITIZE)
  target_compile_options(rekeyer_options INTERFACE
    $<IF:$<BOOL:$<TARGET_PROPERTY:REKEYER_TEST_CODE>>,-O0,-O1> -gline-tables-only -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(rekeyer_options INTERFACE -fsanitize=address,undefined)
  # Recycled coroutine frames would hide a use after free.
  target_compile_definitions(rekeyer_options INTERFACE BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
endif()
if(REKEYER_STATIC)
  # Executables of the property REKEYER_LINKED_DYNAMICALLY need a library that Debian has no static form of; they do not ship.
  set(linked_statically $<NOT:$<BOOL:$<TARGET_PROPERTY:REKEYER_LINKED_DYNAMICALLY>>>)
  # Code at an address that nobody knows beforehand, and every table of addresses read-only before main() (tests/package/test_hardening.py).
  target_link_options(rekeyer_options INTERFACE $<${linked_statically}:-static-pie> -Wl,--gc-sections -Wl,--icf=safe
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--pack-dyn-relocs=relr)
  target_compile_options(rekeyer_options INTERFACE -ffunction-sections -fdata-sections
    -fPIE -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  target_compile_definitions(rekeyer_options INTERFACE _GLIBCXX_ASSERTIONS)
  # Return addresses: signed on arm64, where each function does it for itself. The shadow stack of x86-64 is for programs all of whose objects ask for
  # it, and Debian 12's libraries do not: ours cost nothing by asking. Linux has no landing pads for programs on x86-64, so none are compiled in.
  target_compile_options(rekeyer_options INTERFACE
    $<IF:$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},aarch64>,-mbranch-protection=standard,-fcf-protection=return>)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
