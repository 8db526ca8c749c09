#include "engine/engine.hpp"

#include "base/try.hpp"
#include "engine/partition.hpp"
#include "engine/version.hpp"

namespace rekeyer::engine {

Engine::Engine() : random_(Random::from_system()) {}

Result<> Engine::connect(const aws::GlobalFlags& flags, const aws::Environment& environment) {
  TRY(auto aws_settings, aws::load_settings(environment, flags));
  TRY(auto transport_settings, aws::transport_settings_from_environment(environment.get));
  if (!aws_settings.ca_bundle.empty()) transport_settings.tls.ca_bundle = aws_settings.ca_bundle;
  TRY_VOID(aws::check_named_bundle(transport_settings.tls));
  tls_ = transport_settings.tls;
  transport_ = std::make_unique<aws::BeastTransport>(context_, clock_, std::move(transport_settings));

  aws::CallerSettings caller_settings;
  caller_settings.endpoints = aws_settings.endpoints;
  caller_settings.user_agent = "rekeyer/" + std::string(version);
  if (aws_settings.max_attempts) caller_settings.max_attempts = *aws_settings.max_attempts;
  caller_ = std::make_unique<aws::Caller>(*transport_, clock_, random_, limiter_, std::move(caller_settings));

  TRY(principal_.credentials, aws::default_chain(aws_settings, environment, {*transport_, *caller_, clock_}));
  callers_region_ = aws_settings.region;
  settle_regions();
  return {};
}

void Engine::configure(config::Configuration configuration) {
  configuration_ = std::move(configuration);
  const auto& limits = configuration_.rotation.limits;
  limiter_.set_iam_share({.rate = limits.iam_rate, .share = limits.iam_share});
  settle_regions();
}

void Engine::settle_regions() {
  auto& store = configuration_.rotation.store;
  if (!store.region_chosen) store.region = default_store_region(callers_region_);
  principal_.region = callers_region_.empty() ? store.region : callers_region_;
}

notify::ChannelParts Engine::channel_parts() {
  return {*caller_, principal_, *transport_, clock_, random_, limiter_, context_.get_executor(), tls_};
}

Context Engine::context(const RunId& run, const rotation::StopFlag& stop) {
  return {configuration_, *caller_, principal_, clock_, stop, run, channel_parts()};
}

}  // namespace rekeyer::engine
