// Signs requests given as JSON lines and prints what it computed as JSON lines: the C++ half of tests/sigv4_live.py.
#include <iostream>
#include <string>

#include "vectors/sigv4_case.hpp"

int main() {
  using namespace rekeyer::aws;
  for (std::string line; std::getline(std::cin, line);) {
    auto each = read_signing_case(boost::json::parse(line).as_object());
    sign(each.request, each.credentials, each.scope);
    const auto canonical = canonical_request(each.request, each.scope);
    const auto to_sign = string_to_sign(canonical, each.scope);
    const boost::json::object result{{"canonical_request", canonical},
                                     {"string_to_sign", to_sign},
                                     {"signature", signature(to_sign, each.credentials.secret, each.scope)},
                                     {"authorization", each.request.headers.find("Authorization").value_or("")}};
    std::cout << boost::json::serialize(result) << '\n';
  }
}
