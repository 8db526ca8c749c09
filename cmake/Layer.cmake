# rekeyer_layer(NAME [SMALL] [DEPENDS layer...]): the library rekeyer_NAME from every .cpp under the current folder, and the test
# executable NAME_tests from its *_test.cpp. DEPENDS may only name layers further down (tests/style checks the includes too).
# SMALL: what runs a few times a process is optimized for size, since the binary is a Lambda package too. Not for what the simulation runs over and over.
function(rekeyer_layer name)
  cmake_parse_arguments(LAYER "SMALL" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(rekeyer_${name} STATIC ${sources})
  target_link_libraries(rekeyer_${name} PUBLIC rekeyer_options rekeyer_dependencies)
  if(LAYER_SMALL)
    target_compile_options(rekeyer_${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
  foreach(below IN LISTS LAYER_DEPENDS)
    target_link_libraries(rekeyer_${name} PUBLIC rekeyer_${below})
  endforeach()

  if(REKEYER_TESTS AND tests)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE rekeyer_${name} GTest::gmock GTest::gtest_main)
    target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    add_test(NAME unit.${name} COMMAND ${name}_tests)
  endif()
endfunction()
