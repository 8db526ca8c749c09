# rekeyer_layer(NAME [DEPENDS layer...]): the library rekeyer_NAME from every .cpp under the current folder, and the test
# executable NAME_tests from its *_test.cpp. DEPENDS may only name layers further down (tests/style checks the includes too).
function(rekeyer_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(rekeyer_${name} STATIC ${sources})
  target_link_libraries(rekeyer_${name} PUBLIC rekeyer_options rekeyer_dependencies)
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
