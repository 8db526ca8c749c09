#include "rotation/aws_gateway.hpp"

#include <fmt/format.h>

#include <map>

#include "aws/auth/member_role_provider.hpp"
#include "base/asked_once.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/naming.hpp"

namespace rekeyer::rotation {
namespace {

/// Asks once and remembers the answer: a store has one key for many users, and some of them are worked on at a time.
class OnceAskedKms final : public aws::KmsReader {
 public:
  OnceAskedKms(aws::Caller& caller, aws::Principal principal) : client_(caller, std::move(principal)) {}
  ResultTask<aws::KmsKey> key(std::string id) override {
    auto& asked = asked_[id];  // stays where it is while others are added
    auto key = co_await asked.answer([this, id] { return ask(id); });
    co_return key;
  }

 private:
  ResultTask<aws::KmsKey> ask(std::string id) {
    auto key = co_await client_.key(id);
    if (!key && key.error().kind == ErrorKind::access_denied) {
      log::warn("a KMS key can't be looked at: whether it can encrypt shows only when a user's key is stored",
                {{"kms_key", id}, {"error", describe(key.error())}});
    }
    co_return key;
  }

  aws::KmsClient client_;
  std::map<std::string, AskedOnce<aws::KmsKey>> asked_;
};

/// Clients for one account. For reading, the changing halves are never handed out.
class Clients final : public WriteAccess {
 public:
  Clients(aws::Caller& caller, aws::Principal users, aws::Principal store, const OwnIdentity& self, bool own_account,
          StorePrincipal store_principal, Proofs& proofs)
      : iam_(caller, users),
        secrets_(caller, store),
        kms_(caller, std::move(store)),
        sts_(caller, std::move(users)),
        partition_(self.partition),
        store_principal_(std::move(store_principal)),
        proofs_(proofs),
        signer_key_(own_account ? self.signer_key : AccessKeyId()) {}

  aws::IamReader& iam() override { return iam_; }
  aws::SecretsReader& secrets() override { return secrets_; }
  aws::KmsReader& kms() override { return kms_; }
  aws::IamWriter& iam_writer() override { return iam_; }
  aws::SecretsWriter& secrets_writer() override { return secrets_; }
  aws::IdentityReader& identity() override { return sts_; }
  std::string partition() const override { return partition_; }
  Proofs& proofs() override { return proofs_; }
  StorePrincipal store_principal() const override { return store_principal_; }
  const AccessKeyId& signer_key() const override { return signer_key_; }

 private:
  aws::IamClient iam_;
  aws::SecretsManagerClient secrets_;
  OnceAskedKms kms_;
  aws::StsClient sts_;
  std::string partition_;
  StorePrincipal store_principal_;
  Proofs& proofs_;
  AccessKeyId signer_key_;
};

/// The second field of an ARN.
std::string partition_of_arn(const Arn& arn) {
  const auto& text = arn.str();
  const auto first = text.find(':');
  const auto second = first == std::string::npos ? first : text.find(':', first + 1);
  return second == std::string::npos ? "aws" : text.substr(first + 1, second - first - 1);
}

/// The caller, from what GetCallerIdentity says: a user by ARN, a session by its role's name, without the path.
StorePrincipal caller_principal(const OwnIdentity& self) {
  const auto& arn = self.arn.str();
  if (arn.contains(":user/")) return {self.arn, true};
  constexpr std::string_view session = ":assumed-role/";
  const auto at = arn.find(session);
  if (at == std::string::npos) return {};
  const auto name = arn.substr(at + session.size());
  return {Arn(fmt::format("arn:{}:iam::{}:role/{}", self.partition, self.account, name.substr(0, name.find('/')))),
          false};
}

}  // namespace

StorePrincipal store_principal(const OwnIdentity& self, const Settings& settings, const AccountId& account) {
  const bool as_caller = settings.store.location == StoreLocation::central ||
                         (account == self.account && settings.scope.own_account == OwnAccount::direct);
  if (as_caller) return caller_principal(self);
  aws::MemberRole member;
  member.partition = self.partition;
  member.account = account;
  member.role = settings.scope.member_role;
  return {member_role_arn(member)};
}

ResultTask<OwnIdentity> read_own_identity(aws::Caller& caller, aws::Principal principal) {
  CO_TRY(auto credentials, co_await principal.credentials->get());
  aws::StsClient sts(caller, std::move(principal));
  CO_TRY(auto identity, co_await sts.caller_identity());
  OwnIdentity self;
  self.account = identity.account;
  self.arn = identity.arn;
  self.partition = partition_of_arn(identity.arn);
  if (credentials->session_token.empty()) self.signer_key = credentials->id;
  co_return self;
}

AwsGateway::AwsGateway(aws::Caller& caller, aws::Principal own, OwnIdentity self, const Settings& settings, RunId run)
    : caller_(caller),
      proofs_(caller, own, settings.store),
      own_(std::move(own)),
      self_(std::move(self)),
      settings_(settings),
      run_(std::move(run)) {}

aws::MemberRole AwsGateway::member_role(AccountId account) const {
  const auto& scope = settings_.scope;
  aws::MemberRole role;
  role.partition = self_.partition;
  role.account = std::move(account);
  role.role = scope.member_role;
  role.session_name = session_name(scope.session_name, run_);
  role.external_id = scope.external_id;
  return role;
}

ResultTask<aws::SharedProvider> AwsGateway::enter(AccountId account) {
  const auto& scope = settings_.scope;
  if (account == self_.account && scope.own_account == OwnAccount::direct) co_return own_.credentials;
  auto principal = own_;
  principal.pace_account = self_.account;  // STS limits the caller's account
  auto provider = aws::member_role_provider(caller_, caller_.clock(), std::move(principal), member_role(account));
  auto entered = co_await provider->get();
  const bool role_refused = !entered && entered.error().kind == ErrorKind::access_denied &&
                            entered.error().code != "RegionDisabledException";  // about no role: StsClient has a hint
  if (role_refused) {
    entered.error().message += "; is the role deployed there, and does it trust this caller? (docs/permissions.md)";
  }
  if (!entered) co_return fail(entered.error());
  co_return provider;
}

ResultTask<std::unique_ptr<WriteAccess>> AwsGateway::open_for_writing(AccountId account) {
  CO_TRY_VOID(co_await proofs_->prepare());
  CO_TRY(auto provider, co_await enter(account));
  const auto& store = settings_.store;
  aws::Principal users{provider, own_.region, account};
  aws::Principal secrets = store.location == StoreLocation::central
                               ? aws::Principal{own_.credentials, store.region, self_.account}
                               : aws::Principal{provider, store.region, account};
  auto principal = store_principal(self_, settings_, account);
  co_return std::make_unique<Clients>(caller_, std::move(users), std::move(secrets), self_, account == self_.account,
                                      std::move(principal), *proofs_);
}

ResultTask<std::unique_ptr<ReadAccess>> AwsGateway::open_for_reading(AccountId account) {
  CO_TRY(auto access, co_await open_for_writing(std::move(account)));
  co_return std::unique_ptr<ReadAccess>(std::move(access));
}

}  // namespace rekeyer::rotation
