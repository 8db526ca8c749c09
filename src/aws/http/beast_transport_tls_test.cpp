// TLS and proxies: who is believed, who is refused, and what a person is told.
#include <gmock/gmock.h>

#include <filesystem>

#include "aws/http/transport_fixture.hpp"

namespace rekeyer::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TlsTransportTest : public TransportTest {
 protected:
  static TestCertificates& certificates() {
    static TestCertificates all;
    return all;
  }
  void SetUp() override { settings().tls.ca_bundle = certificates().ca_file(); }

  /// Answers every request with the number of the connection.
  LoopbackServer& serve_tls(const std::string& certificate) {
    return serve([certificate](Peer& peer) -> Task<void> {
      const bool agreed = co_await peer.start_tls(certificate);
      while (agreed) {
        const auto seen = co_await peer.request();
        if (seen.empty()) co_return;
        co_await peer.send(ok_reply(std::to_string(peer.number()) + " " + peer.server_name()));
      }
    });
  }
  HttpRequest secure(std::uint16_t port, std::string host = "localhost") {
    return request(port, "https", std::move(host));
  }
};

TEST_F(TlsTransportTest, ATrustedServerIsSpokenToAndItsConnectionKept) {
  const auto& server = serve_tls(certificates().issue("good"));
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TlsTransportTest, AnAddressIsVerifiedAsAnAddress) {
  const auto& good = serve_tls(certificates().issue("address"));
  EXPECT_EQ(body_of(send(secure(good.port(), "127.0.0.1"))), "1 ");
  TestCertificates::Wish name_only;
  name_only.alternative_names = "DNS:localhost";
  const auto& bad = serve_tls(certificates().issue("name-only", name_only));
  const auto result = send(secure(bad.port(), "127.0.0.1"));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("IP address mismatch"));
}

TEST_F(TlsTransportTest, ACertificateForAnotherHostIsRefused) {
  TestCertificates::Wish other;
  other.alternative_names = "DNS:example.com";
  const auto& server = serve_tls(certificates().issue("other", other));
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), AllOf(HasSubstr("localhost"), HasSubstr("hostname mismatch")));
}

TEST_F(TlsTransportTest, ACommonNameIsNoNameOfAHost) {
  TestCertificates::Wish common;
  common.alternative_names = "email:somebody@example.com";
  const auto& server = serve_tls(certificates().issue("localhost", common));
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("hostname mismatch"));
}

TEST_F(TlsTransportTest, AnExpiredCertificateIsRefused) {
  TestCertificates::Wish old;
  old.from_days = -2;
  old.until_days = -1;
  const auto& server = serve_tls(certificates().issue("old", old));
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("certificate has expired"));
}

TEST_F(TlsTransportTest, AnUnknownCaIsRefusedWithTheHintAtTheBundle) {
  TestCertificates stranger;
  const auto& server = serve_tls(stranger.issue("stranger"));
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), AllOf(HasSubstr("not trusted"), HasSubstr("AWS_CA_BUNDLE")));
}

TEST_F(TlsTransportTest, WithoutCaCertificatesHttpsFailsClearlyAndHttpWorks) {
  settings().tls = {};
  settings().tls.system_bundles = {"/nowhere/a.pem", "/nowhere/b.pem"};
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(ok_reply("plain"));
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "plain");
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), AllOf(HasSubstr("/nowhere/a.pem, /nowhere/b.pem"), HasSubstr("AWS_CA_BUNDLE")));
  EXPECT_EQ(server.connections(), 1) << "nothing is connected to in vain";
}

TEST_F(TlsTransportTest, AnUnreadableBundleIsNamedAndNothingElseIsTrustedInstead) {
  settings().tls.system_bundles = {certificates().ca_file()};
  settings().tls.ca_bundle = certificates().folder() + "/missing.pem";
  const auto result = send(secure(closed_port(context_)));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), AllOf(HasSubstr("missing.pem"), HasSubstr("AWS_CA_BUNDLE"), HasSubstr("exist")));
}

TEST_F(TlsTransportTest, TheSystemsBundleIsFoundInItsPlace) {
  settings().tls = {};
  settings().tls.system_bundles = {"/nowhere/a.pem", certificates().ca_file()};
  const auto& server = serve_tls(certificates().issue("good"));
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
}

TEST_F(TlsTransportTest, ALambdaPackagesOwnBundleComesBeforeTheSystems) {
  TestCertificates stranger;
  settings().tls = {};
  settings().tls.system_bundles = {stranger.ca_file()};
  const auto package = std::filesystem::path(certificates().folder()) / "package";
  std::filesystem::create_directories(package);
  std::filesystem::copy_file(certificates().ca_file(), package / "ca-bundle.crt");
  settings().tls.trust_package(package.string());
  const auto& server = serve_tls(certificates().issue("good"));
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
}

TEST_F(TlsTransportTest, ALambdaPackageWithoutABundleLeavesTheSystems) {
  settings().tls = {};
  settings().tls.system_bundles = {certificates().ca_file()};
  settings().tls.trust_package(certificates().folder() + "/package-without-bundle");
  const auto& server = serve_tls(certificates().issue("good"));
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
}

TEST_F(TlsTransportTest, AServerThatDoesNotSpeakTlsIsNotSent) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.bytes();
    co_await peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  const auto result = send(secure(server.port()));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("TLS with localhost failed"));
}

TEST_F(TlsTransportTest, ASilentHandshakeEndsAtTheTimeLimit) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.bytes();
      if (seen.empty()) co_return;
    }
  });
  auto hurried = secure(server.port());
  hurried.timeout = Milliseconds{150};
  const auto result = send(std::move(hurried));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("too long"));
}

TEST_F(TlsTransportTest, AReplyCutWithoutTlsGoodbyeIsNotTakenForWhole) {
  const auto certificate = certificates().issue("good");
  const auto& server = serve([certificate](Peer& peer) -> Task<void> {
    co_await peer.start_tls(certificate);
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\n\r\nhalf of it");
    peer.close();
  });
  EXPECT_EQ(failure_of(send(secure(server.port()))), "outcome_unknown");
}

TEST_F(TlsTransportTest, AKeptTlsConnectionThatTheServerClosedIsNotUsed) {
  const auto certificate = certificates().issue("good");
  const auto& server = serve([certificate](Peer& peer) -> Task<void> {
    co_await peer.start_tls(certificate);
    co_await peer.request();
    co_await peer.send(ok_reply(std::to_string(peer.number())));
  });
  EXPECT_EQ(body_of(send(secure(server.port()))), "1");
  run_until([&] { return server.open_connections() == 0; });
  EXPECT_EQ(body_of(send(secure(server.port()))), "2");
}

class ProxyTransportTest : public TlsTransportTest {
 protected:
  void use_proxy(std::uint16_t port, const std::string& scheme = "http", const std::string& user = "user:p%40ss@") {
    const auto text = scheme + "://" + user + "localhost:" + std::to_string(port);
    settings().proxies.for_http = *parse_proxy(text, "http_proxy");
    settings().proxies.for_https = *parse_proxy(text, "https_proxy");
  }
  /// Makes a tunnel to the port that CONNECT names, whatever the host.
  LoopbackServer::Script tunnel() {
    return [this](Peer& peer) -> Task<void> {
      const auto connect = co_await peer.request();
      connects_.push_back(connect);
      const auto line = connect.substr(0, connect.find("\r\n"));
      const auto colon = line.rfind(':');
      co_await peer.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
      co_await peer.relay_to(static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1))));
    };
  }
  std::vector<std::string> connects_;
};

TEST_F(ProxyTransportTest, HttpsGoesThroughATunnelWithTheServersOwnCertificate) {
  TestCertificates::Wish remote;
  remote.alternative_names = "DNS:iam.example.com";
  const auto& server = serve_tls(certificates().issue("remote", remote));
  const auto& proxy = serve(tunnel());
  use_proxy(proxy.port());
  // The name exists nowhere: only the proxy needs to know it.
  EXPECT_EQ(body_of(send(secure(server.port(), "iam.example.com"))), "1 iam.example.com");
  EXPECT_EQ(body_of(send(secure(server.port(), "iam.example.com"))), "1 iam.example.com");
  ASSERT_EQ(connects_.size(), 1U) << "the tunnel is kept";
  const auto target = "iam.example.com:" + std::to_string(server.port());
  EXPECT_EQ(connects_[0], "CONNECT " + target + " HTTP/1.1\r\nHost: " + target +
                              "\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n");
}

TEST_F(ProxyTransportTest, AProxyMayBeSpokenToInTls) {
  const auto certificate = certificates().issue("good");
  const auto& server = serve_tls(certificate);
  const auto make_tunnel = tunnel();
  const auto& proxy = serve([certificate, &make_tunnel](Peer& peer) -> Task<void> {
    const bool agreed = co_await peer.start_tls(certificate);
    if (agreed) co_await make_tunnel(peer);
  });
  use_proxy(proxy.port(), "https");
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
  EXPECT_EQ(connects_.size(), 1U);
}

TEST_F(ProxyTransportTest, HttpIsForwardedWithTheWholeUrl) {
  std::string seen;
  const auto& proxy = serve([&](Peer& peer) -> Task<void> {
    seen = co_await peer.request();
    co_await peer.send(ok_reply("forwarded"));
  });
  use_proxy(proxy.port());
  auto wanted = request(8080, "http", "service.example");
  wanted.url.path = "/path";
  wanted.url.query = "a=b";
  EXPECT_EQ(body_of(send(std::move(wanted))), "forwarded");
  EXPECT_EQ(seen,
            "GET http://service.example:8080/path?a=b HTTP/1.1\r\nHost: service.example:8080\r\n"
            "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n");
}

TEST_F(ProxyTransportTest, NoProxyAndMetadataGoDirect) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    const auto seen = co_await peer.request();
    co_await peer.send(ok_reply(seen.find("Proxy-") == std::string::npos ? "direct" : "leaked the proxy's password"));
  });
  const auto& proxy = serve([](Peer&) -> Task<void> { co_return; });
  use_proxy(proxy.port());
  auto metadata = request(server.port());
  metadata.use_proxy = false;
  EXPECT_EQ(body_of(send(std::move(metadata))), "direct");
  EXPECT_EQ(proxy.connections(), 0);
  EXPECT_NE(body_of(send(request(server.port()))), "direct") << "loopback is not special";
}

TEST_F(ProxyTransportTest, AHostInNoProxyGoesDirect) {
  const auto& server = serve_tls(certificates().issue("good"));
  use_proxy(closed_port(context_));
  settings().proxies.no_proxy = "example.com, 127.0.0.0/8, localhost";
  EXPECT_EQ(body_of(send(secure(server.port()))), "1 localhost");
  EXPECT_EQ(body_of(send(secure(server.port(), "127.0.0.1"))), "2 ");
}

TEST_F(ProxyTransportTest, ARefusedTunnelIsNotSentAndSaysWhy) {
  std::string reply;
  const auto& proxy = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(reply);
  });
  use_proxy(proxy.port());
  const auto message_after = [&](std::string text) {
    reply = std::move(text);
    const auto result = send(secure(443, "iam.example.com"));
    EXPECT_EQ(failure_of(result), "not_sent") << reply;
    return message_of(result);
  };
  EXPECT_THAT(message_after("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
              AllOf(HasSubstr("407"), HasSubstr("another user name and password"), HasSubstr("iam.example.com:443"),
                    Not(HasSubstr("p@ss"))));
  EXPECT_THAT(message_after("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nno way"),
              AllOf(HasSubstr("403"), HasSubstr("Forbidden"), HasSubstr("localhost:" + std::to_string(proxy.port()))));
  EXPECT_THAT(message_after("nonsense\r\n\r\n"), HasSubstr("gave no tunnel"));
  EXPECT_THAT(message_after(""), HasSubstr("gave no tunnel"));
  EXPECT_THAT(message_after("HTTP/1.1 200 OK\r\n\r\nEXTRA"), HasSubstr("data of its own"));
}

TEST_F(ProxyTransportTest, AnUnreachableProxyIsNotSentAndNamed) {
  const auto port = closed_port(context_);
  use_proxy(port);
  const auto result = send(secure(443, "iam.example.com"));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("the proxy localhost:" + std::to_string(port)));
}

TEST(TransportSettings, ComeFromTheEnvironment) {
  const auto read = [](std::string_view name) -> std::optional<std::string> {
    if (name == "AWS_CA_BUNDLE") return "/ca.pem";
    if (name == "SSL_CERT_FILE") return "/ssl.pem";
    if (name == "HTTPS_PROXY") return "proxy:1";
    return std::nullopt;
  };
  const auto settings = transport_settings_from_environment(read);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->tls.ca_bundle, "/ca.pem");
  EXPECT_EQ(settings->tls.ssl_cert_file, "/ssl.pem");
  EXPECT_EQ(settings->proxies.for_https->url.host, "proxy");
  EXPECT_EQ(settings->tls.system_bundles, TlsSettings{}.system_bundles);
}

TEST(TransportSettings, OfALambdaFunctionTrustTheBundleOfItsPackage) {
  const auto bundles_with = [](const std::string& root) {
    const auto settings = transport_settings_from_environment(
        [&](std::string_view name) { return name == "LAMBDA_TASK_ROOT" ? std::optional(root) : std::nullopt; });
    return settings ? settings->tls.system_bundles : std::vector<std::string>{};
  };
  auto expected = TlsSettings{}.system_bundles;
  EXPECT_EQ(bundles_with(""), expected);
  expected.insert(expected.begin(), "/var/task/ca-bundle.crt");
  EXPECT_EQ(bundles_with("/var/task"), expected);
}

}  // namespace
}  // namespace rekeyer::aws
