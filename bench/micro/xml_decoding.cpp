// IAM's lists from the reply's bytes to values: what an account's survey reads, page by page.
#include <benchmark/benchmark.h>

#include "asked_account.hpp"
#include "aws/services/exchange.hpp"
#include "aws/services/iam_values.hpp"

namespace rekeyer::bench {
namespace {

constexpr std::string_view iam_version = "2010-05-08";
constexpr std::size_t users_of_a_page = 100;

template <class T>
void decode(benchmark::State& state, aws::HttpResponse reply, std::string_view operation, std::string_view list,
            Result<T> (*read)(const aws::XmlNode&)) {
  std::size_t items = 0;
  for (auto _ : state) {
    auto taken = reply;  // the transport hands over a body of its own
    const auto result = aws::query_result(taken, operation);
    auto page = aws::read_iam_page<T>(result.value(), list, read);
    items = page.value().items.size();
    benchmark::DoNotOptimize(page);
  }
  if (items != users_of_a_page) state.SkipWithError("the page does not hold as many users as it should");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(reply.body.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

void authorization_details(benchmark::State& state) {
  aws::QueryBody body("GetAccountAuthorizationDetails", iam_version);
  body.add("Filter.member.1", "User").add("MaxItems", users_of_a_page);
  decode<aws::UserDetail>(state, AskedAccount(2 * users_of_a_page).iam(std::move(body)),
                          "GetAccountAuthorizationDetails", "UserDetailList", aws::read_user_detail);
}
BENCHMARK(authorization_details)->Name("Xml/GetAccountAuthorizationDetails");

void list_users(benchmark::State& state) {
  aws::QueryBody body("ListUsers", iam_version);
  body.add("MaxItems", users_of_a_page);
  decode<aws::User>(state, AskedAccount(2 * users_of_a_page).iam(std::move(body)), "ListUsers", "Users",
                    aws::read_user);
}
BENCHMARK(list_users)->Name("Xml/ListUsers");

}  // namespace
}  // namespace rekeyer::bench
