#include "rotation/aws_proofs.hpp"

#include "base/text.hpp"

namespace rekeyer::rotation {
namespace {

/// The fourth field of an ARN.
Region region_of_arn(std::string_view arn) {
  const auto fields = split(arn, ':');
  return fields.size() > 3 ? Region(std::string(fields[3])) : Region();
}

}  // namespace

AwsProofs::AwsProofs(aws::Caller& caller, aws::Principal own, const StoreSettings& store) {
  if (store.proof.empty()) {
    proofs_ = std::make_unique<UnsignedProofs>();
    return;
  }
  own.region = region_of_arn(store.proof);
  signer_ = std::make_unique<aws::KmsClient>(caller, std::move(own));
  proofs_ = std::make_unique<SignedProofs>(*signer_, store.proof);
}

}  // namespace rekeyer::rotation
