#include "lambda/work.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "rotation/relock.hpp"

namespace rekeyer::lambda {
namespace {

using rotation::Mode;

constexpr std::array words{
    std::pair<std::string_view, Work>{"plan", {Mode::plan, false}},
    std::pair<std::string_view, Work>{"apply", {Mode::apply, false}},
    std::pair<std::string_view, Work>{"relock", {Mode::apply, true}},
    std::pair<std::string_view, Work>{"relock-plan", {Mode::plan, true}},
};

}  // namespace

std::optional<Work> parse_work(std::string_view text) {
  for (const auto& [word, work] : words) {
    if (word == text) return work;
  }
  return std::nullopt;
}

std::string_view name(const Work& work) {
  for (const auto& [word, known] : words) {
    if (known == work) return word;
  }
  return {};
}

Result<Work> work_of(std::optional<Work> asked, std::optional<Work> whole, const Deployment& deployment,
                     const rotation::StoreSettings& store) {
  Work work = asked.value_or(Work{deployment.allowed, false});
  // A pass of a relocking run must never take it for one that may rotate.
  if (whole && whole->relock) work.relock = true;
  if (work.mode == Mode::apply && deployment.allowed == Mode::plan) {
    return fail(ErrorKind::usage,
                fmt::format("the event asks for {}, and this deployment may only plan: set REKEYER_MODE=apply to allow "
                            "it",
                            name(work)));
  }
  if (const auto why = work.relock ? rotation::no_policies(store) : std::nullopt) return fail(ErrorKind::usage, *why);
  return work;
}

}  // namespace rekeyer::lambda
