# The settings of a stack of the older system (aws-iam-access-key-auto-rotation), for deploy.sh. To be sourced after stacks.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # `given` and `mode` are deploy.sh's

# Those that mean the same here.
older_same=(
  RotationPeriod InactivePeriod RecoveryGracePeriod IAMExemptionGroup OrgListAccount StoreSecretsInCentralAccount CredentialReplicationRegions
  ResourceOwnerTag RunLambdaInVPC AdminEmailAddress
)

older_reason() {
  case $1 in
    DryRunFlag) echo "the first runs are audits; --mode apply rotates" ;;
    InactiveBuffer) echo "it is InactivePeriod minus RotationPeriod" ;;
    IAMRoleName | ExecutionRoleName | InventoryExecutionRoleName | OrgListRole) echo "that role lets in the older system only; this one has its own" ;;
    EnvironmentName) echo "member roles let in one role of this account, and need no tag" ;;
    AWSOrgID) echo "it is asked for" ;;
    EmailTemplateAudit | EmailTemplateEnforce) echo "templates are found by their names; docs/notifications.md tells which" ;;
    S3BucketName | S3BucketPrefix) echo "only needed for mail templates of your own; say --parameter S3BucketName=… and S3BucketPrefix=… where you have some" ;;
    VpcCidr) echo "the functions take no connections" ;;
    VpcId | SubnetId | SMTPUserParamName | SMTPPasswordParamName) echo "only used where RunLambdaInVPC is True" ;;
    *) echo "this system has no such setting" ;;
  esac
}

# take_older_settings STACK: puts into `given` what was not said on the command line.
take_older_settings() {
  local stack=$1 key value in_vpc same status
  local -A older=()
  status=$(stack_status "$stack")
  [ -n "$status" ] || die "--from-stack $stack: there is no such stack in $region"
  read_parameters "$stack"
  for key in "${!current[@]}"; do
    value=${current[$key]#\"}
    older[$key]=${value%\"}
  done
  [ -n "${older[RotationPeriod]:+${older[InactivePeriod]:-}}" ] \
    || die "--from-stack $stack: that is no stack of aws-iam-access-key-auto-rotation (it has no RotationPeriod and InactivePeriod)"
  if [ -n "${older[InactiveBuffer]:-}" ] && [ -z "${given[InactiveBuffer]:-}" ] \
    && [ "$((older[InactivePeriod] - older[RotationPeriod]))" != "${older[InactiveBuffer]}" ]; then
    die "the older stack contradicts itself: InactivePeriod ${older[InactivePeriod]} - RotationPeriod ${older[RotationPeriod]} is not InactiveBuffer ${older[InactiveBuffer]}" \
      "Say how many days after its rotation an old key is deactivated: --parameter InactiveBuffer=DAYS"
  fi
  in_vpc=${older[RunLambdaInVPC]:-False}
  same=" ${older_same[*]} "
  [ "$in_vpc" != True ] || same+="VpcId SubnetId SMTPUserParamName SMTPPasswordParamName "
  say "settings of the stack $stack:"
  for key in $(printf '%s\n' "${!older[@]}" | sort); do
    value=${older[$key]}
    if [[ $same != *" $key "* ]]; then
      note "left out $key: $(older_reason "$key")"
    elif [ -n "${given[$key]+set}" ]; then
      note "left out $key: the command line says ${given[$key]}"
    elif [ "$key" = InactivePeriod ] && [ -n "${given[InactiveBuffer]:-}" ]; then
      note "left out $key: the command line says InactiveBuffer"
    else
      note "taken    $key = $value"
      given["$key"]=${value// /}
    fi
  done
}
