#include "rotation/proofs.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/tag_parts.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::rotation {
namespace {

/// The words of the tag; nothing where there is none of that kind and number.
std::optional<std::vector<std::string_view>> proof_words(const aws::SecretDescription& secret, std::string_view kind,
                                                         std::size_t count) {
  const auto* tag = policy::value_of(secret.tags, proof_tag);
  if (tag == nullptr) return std::nullopt;
  auto words = split(*tag, ' ');
  const bool well_formed =
      words.size() == count && words[0] == "1" && words[1] == kind && policy::parse_tag_instant(words[2]).has_value();
  if (!well_formed) return std::nullopt;
  return words;
}

/// Newlines can't occur in any of the three.
std::string message_of(const Arn& secret, const UserId& user, std::string_view instant) {
  return fmt::format("rekeyer-proof-1\n{}\n{}\n{}", secret, user, instant);
}

}  // namespace

ResultTask<> UnsignedProofs::prepare() { co_return Result<>{}; }

ResultTask<std::string> UnsignedProofs::prove(Arn, UserId, Instant now) {
  CO_TRY(const auto instant, policy::tag_instant(now));
  co_return fmt::format("1 none {}", instant);
}

bool UnsignedProofs::holds(const aws::SecretDescription& secret, const UserId&) const {
  return proof_words(secret, "none", 3).has_value();
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

ResultTask<std::string> SignedProofs::prove(Arn secret, UserId user, Instant now) {
  CO_TRY(const auto instant, policy::tag_instant(now));
  const auto message = message_of(secret, user, instant);
  CO_TRY(const auto der, co_await signer_.sign(key_, message));
  CO_TRY(const auto signature, aws::raw_signature(der));
  if (!public_key_ || !public_key_->verifies(message, signature)) {
    co_return fail(ErrorKind::bad_reply, "KMS signed with another key than the one whose public half it gave");
  }
  co_return fmt::format("1 kms {} {}", instant, base64_encode(signature));
}

bool SignedProofs::holds(const aws::SecretDescription& secret, const UserId& user) const {
  const auto words = proof_words(secret, "kms", 4);
  if (!words || !public_key_) return false;
  const auto signature = base64_decode((*words)[3]);
  return signature && public_key_->verifies(message_of(secret.arn, user, (*words)[2]), *signature);
}

}  // namespace rekeyer::rotation
