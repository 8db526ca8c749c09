# rekeyer_layer(NAME [SMALL] [DEPENDS layer...]): the library rekeyer_NAME from every .cpp under the current folder, and the test
# executable NAME_tests from its *_test.cpp. DEPENDS may only name layers further down (tests/style checks the includes too).
# SMALL: what runs a few times a process is optimized for size, since the binary is a Lambda package too. Not for what the simulation runs over and over.
#
# Where a build is cold and thrown away (CMAKE_UNITY_BUILD: CI, the demo, the packages) up to eight sources of one folder are compiled as
# one, which halves the work: most of it is reading the same headers. So two sources of a folder may not keep something of the same name to
# themselves (tests/style/unity.py). A new file moves no batch of another folder. People edit in a build of single files.
set(REKEYER_UNITY_BATCH 8 CACHE STRING "How many sources of a folder are compiled as one where CMAKE_UNITY_BUILD is on")

# rekeyer_unity(TARGET SOURCE...): the batches of a target.
function(rekeyer_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  set(folder "")
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH its_folder)
    if(NOT its_folder STREQUAL folder)
      set(folder ${its_folder})
      set(number 0)
      cmake_path(GET folder FILENAME batch)
    endif()
    math(EXPR group "${number} / ${REKEYER_UNITY_BATCH}")
    math(EXPR number "${number} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${batch}_${group})
  endforeach()
endfunction()

# rekeyer_test_code(TARGET): under the sanitizers, the target's own sources are compiled without optimization, in a third of the time: what they test is
# what takes its time when they run.
function(rekeyer_test_code target)
  set_target_properties(${target} PROPERTIES REKEYER_TEST_CODE ON)
endfunction()

# rekeyer_path(SOURCE NAME PATH): the macro NAME is the absolute path of PATH in this checkout, for this one source of the current folder. Not for a
# whole target: ccache finds an object again in another checkout only if no path of this one is on its command line.
function(rekeyer_path source name path)
  set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS ${name}="${CMAKE_SOURCE_DIR}/${path}")
endfunction()

function(rekeyer_layer name)
  cmake_parse_arguments(LAYER "SMALL" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(rekeyer_${name} STATIC ${sources})
  rekeyer_unity(rekeyer_${name} ${sources})
  target_link_libraries(rekeyer_${name} PUBLIC rekeyer_options rekeyer_dependencies)
  if(LAYER_SMALL)
    target_compile_options(rekeyer_${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
  foreach(below IN LISTS LAYER_DEPENDS)
    target_link_libraries(rekeyer_${name} PUBLIC rekeyer_${below})
  endforeach()

  if(REKEYER_TESTS AND tests)
    add_executable(${name}_tests ${tests})
    rekeyer_unity(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE rekeyer_${name} GTest::gmock GTest::gtest_main)
    rekeyer_test_code(${name}_tests)
    target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    add_test(NAME unit.${name} COMMAND ${name}_tests)
  endif()
endfunction()
