#include "rotation/proofs.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/tag_parts.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view fresh_suffix = "-fresh";

struct ProofTag {
  Proof kind = Proof::none;
  std::string_view instant;
  std::string_view signature;
};

/// What the tag says, by whomever; nothing where it can't be read, or is of another signer.
std::optional<ProofTag> read_tag(const aws::SecretDescription& secret, std::string_view signer, std::size_t words) {
  const auto* tag = policy::value_of(secret.tags, proof_tag);
  if (tag == nullptr) return std::nullopt;
  const auto parts = split(*tag, ' ');
  if (parts.size() != words || parts[0] != "1" || !policy::parse_tag_instant(parts[2])) return std::nullopt;
  ProofTag read{Proof::settled, parts[2], words > 3 ? parts[3] : std::string_view()};
  auto by = parts[1];
  if (by.ends_with(fresh_suffix)) {
    by.remove_suffix(fresh_suffix.size());
    read.kind = Proof::fresh;
  }
  if (by != signer) return std::nullopt;
  return read;
}

std::string_view suffix_of(Proof kind) { return kind == Proof::fresh ? fresh_suffix : std::string_view(); }

/// Newlines can't occur in any of them.
std::string message_of(const Arn& secret, const UserId& user, Proof kind, std::string_view instant) {
  return fmt::format("rekeyer-proof-1{}\n{}\n{}\n{}", suffix_of(kind), secret, user, instant);
}

}  // namespace

std::optional<Instant> proved_at(const aws::SecretDescription& secret) {
  const auto* tag = policy::value_of(secret.tags, proof_tag);
  if (tag == nullptr) return std::nullopt;
  const auto parts = split(*tag, ' ');
  if (parts.size() < 3) return std::nullopt;
  const auto instant = policy::parse_tag_instant(parts[2]);
  return instant ? std::optional<Instant>(*instant) : std::nullopt;
}

ResultTask<> UnsignedProofs::prepare() { co_return Result<>{}; }

ResultTask<std::string> UnsignedProofs::prove(Arn, UserId, Proof kind, Instant now) {
  CO_TRY(const auto instant, policy::tag_instant(now));
  co_return fmt::format("1 none{} {}", suffix_of(kind), instant);
}

Proof UnsignedProofs::find(const aws::SecretDescription& secret, const UserId&) const {
  const auto tag = read_tag(secret, "none", 3);
  return tag ? tag->kind : Proof::none;
}

ResultTask<> SignedProofs::prepare() {
  co_return co_await read_.answer([this] { return read_public_key(); });
}

ResultTask<> SignedProofs::read_public_key() {
  auto der = co_await signer_.public_key(key_);
  if (!der) {
    read_.forget();  // accounts that are opened later may have more luck
    co_return fail(in_context(der.error(), "`store.proof` can't be checked"));
  }
  CO_TRY(public_key_, aws::EcdsaPublicKey::from_der(*der));
  co_return Result<>{};
}

ResultTask<std::string> SignedProofs::prove(Arn secret, UserId user, Proof kind, Instant now) {
  CO_TRY(const auto instant, policy::tag_instant(now));
  const auto message = message_of(secret, user, kind, instant);
  CO_TRY(const auto der, co_await signer_.sign(key_, message));
  CO_TRY(const auto signature, aws::raw_signature(der));
  if (!public_key_ || !public_key_->verifies(message, signature)) {
    co_return fail(ErrorKind::bad_reply, "KMS signed with another key than the one whose public half it gave");
  }
  co_return fmt::format("1 kms{} {} {}", suffix_of(kind), instant, base64_encode(signature));
}

Proof SignedProofs::find(const aws::SecretDescription& secret, const UserId& user) const {
  const auto tag = read_tag(secret, "kms", 4);
  if (!tag || !public_key_) return Proof::none;
  const auto signature = base64_decode(tag->signature);
  const bool verifies =
      signature && public_key_->verifies(message_of(secret.arn, user, tag->kind, tag->instant), *signature);
  return verifies ? tag->kind : Proof::none;
}

}  // namespace rekeyer::rotation
