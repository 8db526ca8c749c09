#include "lambda/handlers.hpp"

#include <array>
#include <utility>

namespace rekeyer::lambda {
namespace {

constexpr std::array handlers{
    std::pair<std::string_view, Handler>{"inventory", handle_inventory},
    std::pair<std::string_view, Handler>{"account", handle_account},
    std::pair<std::string_view, Handler>{"allot", handle_allot},
    std::pair<std::string_view, Handler>{"summarise", handle_summarise},
    std::pair<std::string_view, Handler>{"sweep", handle_sweep},
};

}  // namespace

std::optional<Handler> find_handler(std::string_view name) {
  for (const auto& [known, handler] : handlers) {
    if (known == name) return handler;
  }
  return std::nullopt;
}

std::vector<std::string_view> handler_names() {
  std::vector<std::string_view> names;
  for (const auto& [known, handler] : handlers) names.push_back(known);
  return names;
}

}  // namespace rekeyer::lambda
