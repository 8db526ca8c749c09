# Libraries, all of them Debian packages (scripts/deps.txt is the one list). Each is linked static in the release build.
if(REKEYER_STATIC)
  set(OPENSSL_USE_STATIC_LIBS ON)
  set(Boost_USE_STATIC_LIBS ON)
endif()
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(pugixml REQUIRED)
if(REKEYER_STATIC)
  set(rekeyer_pugixml pugixml::static)
else()
  set(rekeyer_pugixml pugixml::pugixml)
endif()

# Debian ships no static library of fmt and spdlog: fmt is compiled in base/fmt_impl.cpp, spdlog is used header-only.
add_library(rekeyer_dependencies INTERFACE)
target_include_directories(rekeyer_dependencies SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_link_libraries(rekeyer_dependencies INTERFACE Threads::Threads OpenSSL::SSL OpenSSL::Crypto ${rekeyer_pugixml})
target_compile_definitions(rekeyer_dependencies INTERFACE
  SPDLOG_FMT_EXTERNAL TOML_HEADER_ONLY=1
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_COROUTINE BOOST_JSON_NO_LIB)

if(REKEYER_TESTS)
  find_package(GTest REQUIRED)
endif()
