#!/usr/bin/env bash
# Deploys rekeyer over an organization by CloudFormation, from the tooling account. May be repeated: what is as wanted is left alone.
#
# usage: deploy.sh --package FILE.zip [options]
#   --package FILE.zip        the package of rekeyer's function (`bootstrap` inside); without it the deployed one stays
#   --name NAME               the deployment's name, and what everything is called after (rekeyer)
#   --region REGION           where it runs (the aws CLI's region)
#   --architecture ARCH       what the package was built for: arm64 or x86_64 (what its bootstrap says, else arm64)
#   --mode plan|apply         plan audits, apply rotates (plan at first, then what is deployed)
#   --parameter KEY=VALUE     a parameter of central.yaml; may be repeated
#   --ou ID                   an OU, or the root r-…, whose accounts get the member role; may be repeated (the root)
#   --member-mode plan|apply  what the member role may do (as --mode)
#   --except-path /PATH/      users of this path, whose keys the member role may not touch; may be repeated (those of before)
#   --except-tagged-users     nor those of users that have the tag rekeyer:exempt
#   --create-exemption-group  makes the exemption group in every account; not where an older system has made it
#   --member-parameter K=V    a parameter of stackset.yaml that nothing else sets, such as AlsoTrusted=ARN; may be repeated (those of before)
#   --no-stackset             leaves the member roles alone
#   --list-role-profile NAME  a profile of the aws CLI in the management account: makes the role there that reads Organizations
#   --from-stack NAME         takes the settings of a stack of the older system (aws-iam-access-key-auto-rotation)
#   --code-bucket NAME        bucket for package and templates (rekeyer-code-ACCOUNT-REGION; made where it is missing)
#   --yes                     does not ask before the member role is taken away from an OU
#   --plan                    says what would be done, and changes nothing
#
# Exit code: 0 when all is as wanted; 1 when something failed, or accounts did not get the member role; 2 when the command line is wrong.
# Credentials and endpoints are the aws CLI's: AWS_PROFILE, AWS_ENDPOINT_URL and the rest.
set -euo pipefail

program=$(basename "$0")
here=$(cd "$(dirname "$0")" && pwd)
templates=$here/../cloudformation
if ((BASH_VERSINFO[0] < 4)); then
  echo "error: this needs bash 4 or later, and this is $BASH_VERSION; on macOS: brew install bash" >&2
  exit 1
fi
# shellcheck source=deploy/scripts/stacks.sh
source "$here/stacks.sh"
# shellcheck source=deploy/scripts/older_stack.sh
source "$here/older_stack.sh"

name=rekeyer package="" region="" architecture="" mode="" member_mode="" list_profile="" from_stack="" code_bucket=""
stackset=yes planning="" sure="" exemption_group="" except_tagged=""
units=() excepted=()
declare -A given=() member_given=()

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) show_help ;;
      --plan) planning=yes ;;
      --yes) sure=yes ;;
      --no-stackset) stackset="" ;;
      --create-exemption-group) exemption_group=yes ;;
      --except-tagged-users) except_tagged=yes ;;
      --name | --package | --region | --architecture | --mode | --member-mode | --list-role-profile | --from-stack | --code-bucket | --parameter | --member-parameter | --ou | --except-path)
        needs_value "$@"
        take_option "$1" "$2"
        shift
        ;;
      *) bad_usage "$1 is no option" ;;
    esac
    shift
  done
}

take_option() {
  case $1 in
    --name) name=$2 ;;
    --package) package=$2 ;;
    --region) region=$2 ;;
    --architecture) architecture=$2 ;;
    --mode) mode=$2 ;;
    --member-mode) member_mode=$2 ;;
    --list-role-profile) list_profile=$2 ;;
    --from-stack) from_stack=$2 ;;
    --code-bucket) code_bucket=$2 ;;
    --ou) units+=("$2") ;;
    --except-path) excepted+=("$2") ;;
    --parameter)
      [[ $2 == ?*=* ]] || bad_usage "--parameter $2 is not KEY=VALUE"
      given[${2%%=*}]=${2#*=}
      ;;
    --member-parameter)
      [[ $2 == ?*=* ]] || bad_usage "--member-parameter $2 is not KEY=VALUE"
      member_given[${2%%=*}]=${2#*=}
      ;;
  esac
}

check_options() {
  local unit path key
  check_name
  [[ -z $mode || $mode == plan || $mode == apply ]] || bad_usage "--mode $mode: plan or apply"
  [[ -z $member_mode || $member_mode == plan || $member_mode == apply ]] || bad_usage "--member-mode $member_mode: plan or apply"
  [[ -z $architecture || $architecture == arm64 || $architecture == x86_64 ]] || bad_usage "--architecture $architecture: arm64 or x86_64"
  [[ -z $code_bucket || $code_bucket =~ ^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$ ]] || bad_usage "--code-bucket $code_bucket is no bucket's name"
  for unit in ${units[@]+"${units[@]}"}; do
    [[ $unit =~ ^(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})$ ]] || bad_usage "--ou $unit: an OU (ou-ab12-cdef3456) or the root (r-ab12)"
  done
  for path in ${excepted[@]+"${excepted[@]}"}; do
    [[ $path =~ ^/([A-Za-z0-9_+=.@-]+/)+$ ]] || bad_usage "--except-path $path: a path with a slash at both ends, such as /break-glass/"
  done
  if [ -z "$stackset" ] && [ -n "${units[*]-}${excepted[*]-}${!member_given[*]}$member_mode$exemption_group$except_tagged" ]; then
    bad_usage "--ou, --member-mode, --member-parameter, --except-… and --create-exemption-group are about the member roles, which --no-stackset leaves alone"
  fi
  for key in Name DryRunFlag CodeBucket CodeKey Architecture; do
    [ -z "${given[$key]+set}" ] || bad_usage "--parameter $key: it is set by --name, --mode, --package or --architecture"
  done
  for key in "${!member_given[@]}"; do
    case $key in
      Mode | OrganizationalUnitIds | ExceptUsers | ExceptTaggedUsers | CreateExemptionGroup | StackSetName)
        bad_usage "--member-parameter $key: it is set by --member-mode, --ou, --except-path, --except-tagged-users, --create-exemption-group or --name" ;;
      RoleName) bad_usage "--member-parameter $key: say --parameter IAMAssumedRoleName=NAME" ;;
      ExternalId | StoreSecretsInCentralAccount | StoreGrant | IAMExemptionGroup) bad_usage "--member-parameter $key: say --parameter $key=VALUE" ;;
      SecretNamePattern) bad_usage "--member-parameter $key: say --parameter SecretName=NAME" ;;
      CallAs | MemberTemplateUrl | ToolingAccount | AccountRoleName | AWSOrgID) bad_usage "--member-parameter $key: the script finds it out itself" ;;
    esac
    parameters_of "$templates/stackset.yaml" | grep -qx -- "$key" \
      || bad_usage "--member-parameter $key: stackset.yaml has no such parameter; it has: $(parameters_of "$templates/stackset.yaml" | paste -sd' ' -)"
  done
  check_package
}

# The architecture is what the package's bootstrap says: bytes 18 and 19 of an ELF file are the machine.
check_package() {
  local machine found=""
  [ -n "$package" ] || return 0
  [ -f "$package" ] || bad_usage "--package $package: there is no such file"
  command -v unzip >/dev/null || { architecture=${architecture:-arm64} && return 0; }
  unzip -l "$package" bootstrap >/dev/null 2>&1 || bad_usage "--package $package: no zip with bootstrap in it"
  machine=$(unzip -p "$package" bootstrap 2>/dev/null | head -c 20 | od -An -tx1 -j18 -N2 | tr -d ' \n') || true
  case $machine in
    3e00) found=x86_64 ;;
    b700) found=arm64 ;;
    *) bad_usage "--package $package: its bootstrap is no program for arm64 or x86_64" ;;
  esac
  [ -z "$architecture" ] || [ "$architecture" = "$found" ] || bad_usage "--architecture $architecture: $package was built for $found"
  architecture=$found
}

# --- code bucket

check_bucket() {
  local answer
  code_bucket=${code_bucket:-rekeyer-code-$account-$region}
  bucket_there=yes
  if answer=$(aws s3api head-bucket --bucket "$code_bucket" --expected-bucket-owner "$account" 2>&1); then
    return 0
  fi
  [[ $answer == *404* || $answer == *"Not Found"* ]] \
    || die "the bucket $code_bucket cannot be used: $answer" "It may belong to somebody else. Choose another name: --code-bucket NAME"
  bucket_there=""
  say "create   bucket $code_bucket, for package and templates"
  [ -z "$planning" ] || return 0
  local where=()
  [ "$region" = us-east-1 ] || where=(--create-bucket-configuration "LocationConstraint=$region")
  aws s3api create-bucket --bucket "$code_bucket" ${where[@]+"${where[@]}"} --output text >/dev/null
  # The second tag is what cleanup.sh tells it by from the buckets of runs.
  aws s3api put-bucket-tagging --bucket "$code_bucket" --expected-bucket-owner "$account" \
    --tagging "TagSet=[{Key=rekeyer:deployment,Value=$name},{Key=rekeyer:content,Value=code}]"
  aws s3api put-public-access-block --bucket "$code_bucket" --expected-bucket-owner "$account" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  local resource="arn:$partition:s3:::$code_bucket"
  aws s3api put-bucket-policy --bucket "$code_bucket" --expected-bucket-owner "$account" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"OnlyEncryptedConnections\",
    \"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": [\"$resource\", \"$resource/*\"],
    \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}}]}"
  bucket_there=yes
}

# upload FILE KEY: a key made of the contents, so what is there is the same.
upload() {
  if [ -n "$bucket_there" ] && aws s3api head-object --bucket "$code_bucket" --expected-bucket-owner "$account" --key "$2" >/dev/null 2>&1; then
    return 0
  fi
  say "upload   $(basename "$1") as $2"
  [ -n "$planning" ] || aws s3api put-object --bucket "$code_bucket" --expected-bucket-owner "$account" --key "$2" --body "$1" --output text >/dev/null
}

template_key() { echo "rekeyer/$(hash_of "$1" | cut -c1-32)/$(basename "$1")"; }

# put_stack STACK TEMPLATE: with the parameters of `wanted`.
put_stack() {
  local key
  compare_stack "$1" "$2"
  [ "$change" != nothing ] || return 0
  key=$(template_key "$2")
  upload "$2" "$key"
  [ -n "$planning" ] || apply_stack "$1" "$2" --template-url "$(object_url "$code_bucket" "$key")"
}

# --- the stacks

# What a parameter of the central stack will be: as given, else as deployed, else its default.
declare -A central=()
effective() {
  local json
  if [ -n "${given[$1]+set}" ]; then
    echo "${given[$1]}"
  elif json=${central[$1]:-} && [ -n "$json" ]; then
    json=${json#\"}
    echo "${json%\"}"
  else
    default_of "$templates/central.yaml" "$1"
  fi
}

# InactivePeriod is RotationPeriod and InactiveBuffer together, and CloudFormation cannot subtract.
work_out_inactive_buffer() {
  local whole rotation buffer
  whole=${given[InactivePeriod]:-}
  [ -n "$whole" ] || return 0
  rotation=$(effective RotationPeriod)
  [[ $whole =~ ^[0-9]+$ && $rotation =~ ^[0-9]+$ ]] || bad_usage "InactivePeriod and RotationPeriod are numbers of days, not $whole and $rotation"
  buffer=$((10#$whole - 10#$rotation))
  ((buffer > 0)) || bad_usage "InactivePeriod ($whole) must be more than RotationPeriod ($rotation): keys are deactivated after they are rotated"
  [ -z "${given[InactiveBuffer]:-}" ] || [ "${given[InactiveBuffer]}" = "$buffer" ] \
    || bad_usage "InactivePeriod - RotationPeriod is $buffer, and InactiveBuffer is ${given[InactiveBuffer]}; say --parameter InactiveBuffer=DAYS alone"
  given[InactiveBuffer]=$buffer
  unset 'given[InactivePeriod]'
}

# New accounts run ten functions at a time. What is beyond that is refused, tried again for some minutes, and then those accounts have failed.
check_concurrency() {
  local most unreserved wanted_most reserved
  wanted_most=$(effective MaxConcurrency)
  reserved=$(effective ReservedConcurrency)
  [[ $wanted_most =~ ^[0-9]{1,4}$ && $reserved =~ ^[0-9]{1,4}$ ]] || return 0 # CloudFormation refuses it
  if ! aws lambda get-account-settings --query 'AccountLimit.[ConcurrentExecutions, UnreservedConcurrentExecutions]' --output text \
    >"$scratch/concurrency" 2>"$scratch/refused"; then
    progress "how many functions may run at a time could not be asked: $(last_error)"
    return 0
  fi
  read -r most unreserved <"$scratch/concurrency"
  [[ $most =~ ^[0-9]+$ ]] || return 0
  # What is reserved for other functions is not for these.
  if ((10#$reserved == 0)) && [[ $unreserved =~ ^[0-9]+$ ]]; then most=$unreserved; fi
  ((most < 10#$wanted_most)) || return 0
  warn "Lambda runs $most functions at a time here, and MaxConcurrency is $wanted_most: some accounts will be reported as failed" \
    "Ask for more (the default quota is 1000):" \
    "  aws service-quotas request-service-quota-increase --region $region --service-code lambda --quota-code L-B99A9384 --desired-value 1000" \
    "Until then: --parameter MaxConcurrency=$((most > 0 ? most : 1))"
}

put_central() {
  local key
  wanted=([Name]=$name [CodeBucket]=$code_bucket)
  [ -z "$organization" ] || wanted[AWSOrgID]=$organization
  if [ -n "$package" ]; then
    key="rekeyer/$(hash_of "$package").zip"
    upload "$package" "$key"
    wanted[CodeKey]=$key
    wanted[Architecture]=$architecture
  elif [ ${#central[@]} -eq 0 ]; then
    die "there is no deployment $name yet, and no package for one" "Say --package FILE.zip."
  fi
  case $mode in
    plan) wanted[DryRunFlag]=True ;;
    apply) wanted[DryRunFlag]=False ;;
  esac
  [ -z "$list_profile" ] || wanted[OrgListAccount]=$management
  for key in "${!given[@]}"; do wanted[$key]=${given[$key]}; done
  put_stack "$name" "$templates/central.yaml"
}

# Deployments beside each other need a member role each: IAM has one role of a name in an account, and it lets in its own deployment only. What is deployed keeps its own.
name_member_role() {
  [ ${#central[@]} -eq 0 ] && [ -z "${given[IAMAssumedRoleName]+set}" ] || return 0
  local role=$name-member deployed=${members[RoleName]:-}
  deployed=${deployed#\"}
  [ -z "$deployed" ] || role=${deployed%\"}
  [ "$role" = "$(default_of "$templates/central.yaml" IAMAssumedRoleName)" ] || given[IAMAssumedRoleName]=$role
}

# In the management account, with the credentials of the profile: those of the environment would go before it.
put_list_role() {
  local code
  [ -n "$list_profile" ] || return 0
  wanted=(
    [ToolingAccount]=$account [AWSOrgID]=$organization [OrgListRole]=$(effective OrgListRole) [InventoryRoleName]=$name-inventory
    [AccountRoleName]=$name-account [OwnersFromAccountTags]=$(effective OwnersFromAccountTags)
  )
  # Not `( … ) || exit`: bash would not end it at its first error then.
  set +e
  (
    set -e
    trap discard_change_set EXIT
    trap 'exit 130' INT
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    export AWS_PROFILE=$list_profile
    theirs=$(aws sts get-caller-identity --query Account --output text) \
      || die "--list-role-profile $list_profile: AWS does not know these credentials"
    [ "$theirs" = "$management" ] || die "--list-role-profile $list_profile is of account $theirs, and the management account is $management"
    say "in the management account $management:"
    template=$templates/list-accounts-role.yaml
    compare_stack "$name-list-accounts" "$template"
    [ -n "$planning" ] || apply_stack "$name-list-accounts" "$template" --template-body "file://$template"
  )
  code=$?
  set -e
  [ "$code" = 0 ] || exit "$code"
}

declare -A members=() # the parameters of the stack with the StackSet, as deployed
check_stacksets() {
  local key
  [ -n "$organization" ] || die "this account is in no organization, or may not ask (organizations:DescribeOrganization)" \
    "For a few accounts without one: --no-stackset, member-role.yaml by hand, and a configuration with [accounts] (ConfigurationLocation)."
  call_as=DELEGATED_ADMIN
  [ "$account" != "$management" ] || call_as=SELF
  local trusted="" problem=""
  # In the management account a list of StackSets is given without trusted access, too, and only making one fails.
  if [ "$call_as" = SELF ]; then
    trusted=$(aws cloudformation describe-organizations-access --call-as SELF --query Status --output text 2>"$scratch/refused") || trusted=""
  fi
  case $trusted in
    ENABLED) ;;
    DISABLED*) problem="trusted access for CloudFormation is $trusted in the organization" ;;
    *)
      aws cloudformation list-stack-sets --status ACTIVE --call-as "$call_as" --max-results 1 --output text >/dev/null 2>"$scratch/refused" \
        || problem=$(last_error)
      ;;
  esac
  if [ -n "$problem" ]; then
    local register=()
    [ "$call_as" = SELF ] || register=(
      "  aws organizations register-delegated-administrator --account-id $account --service-principal member.org.stacksets.cloudformation.amazonaws.com"
      "Where that was done: the caller may lack organizations:ListDelegatedAdministrators, by which CloudFormation checks it."
    )
    die "StackSets cannot be used from this account: $problem" "In the management account, once:" "  aws cloudformation activate-organizations-access" \
      ${register[@]+"${register[@]}"} "Or leave the member roles to another way: --no-stackset"
  fi
  members_there=$(made_status "$name-member-roles")
  if [ -n "$members_there" ]; then
    read_parameters "$name-member-roles"
    for key in "${!current[@]}"; do members[$key]=${current[$key]}; done
  fi
  if [ ${#units[@]} -eq 0 ] && [ -z "$members_there" ]; then
    units=("$(aws organizations list-roots --query 'Roots[0].Id' --output text 2>/dev/null)") || units=()
    [ ${#units[@]} -gt 0 ] || die "this account may not ask for the organization's root" "Say which accounts get the member role: --ou r-ab12, or --ou OU."
  fi
}

# --ou replaces what was said before: says which accounts lose the role by that, and asks.
check_units() {
  local before unit lost=() answer=""
  before=${members[OrganizationalUnitIds]:-}
  before=${before//\"/}
  [ ${#units[@]} -gt 0 ] || return 0
  for unit in ${before//,/ }; do
    [[ " ${units[*]} " == *" $unit "* || " ${units[*]}" == *" r-"* ]] || lost+=("$unit")
  done
  [ ${#lost[@]} -gt 0 ] || return 0
  warn "this takes the member role away from the accounts below ${lost[*]}, other than those below ${units[*]}" \
    "Their keys are not looked after any more, and keys that are half way through a rotation stay as they are." \
    "To keep these accounts, name their OUs as well:$(printf ' --ou %s' "${lost[@]}" "${units[@]}")"
  [ -z "$planning$sure" ] || return 0
  [ -t 0 ] || die "nobody is there to ask; nothing was changed" "Say --yes, or run this on a terminal."
  read -r -p "Type yes to go on: " answer
  [ "$answer" = yes ] || die "not confirmed; nothing was changed"
}

put_stackset() {
  local audits key
  [ -n "$stackset" ] || return 0
  audits=$(effective DryRunFlag)
  case $mode in plan) audits=True ;; apply) audits=False ;; esac
  # What the role may do follows --mode; without it, it stays as it is.
  if [ -z "$member_mode" ] && { [ -n "$mode" ] || [ -z "$members_there" ]; }; then
    if [ "$audits" = True ]; then member_mode=plan; else member_mode=apply; fi
  fi
  wanted=(
    [StackSetName]=$name-member [CallAs]=$call_as [MemberTemplateUrl]=$(object_url "$code_bucket" "$(template_key "$templates/member-role.yaml")")
    [RoleName]=$(effective IAMAssumedRoleName) [ToolingAccount]=$account [AccountRoleName]=$name-account
    [AWSOrgID]=$organization [ExternalId]=$(effective ExternalId) [StoreSecretsInCentralAccount]=$(effective StoreSecretsInCentralAccount)
    [StoreGrant]=$(effective StoreGrant) [SecretNamePattern]=$(effective SecretName | sed 's/{[a-z]*}/*/g')
  )
  [ -z "$member_mode" ] || wanted[Mode]=$member_mode
  if [ "${wanted[StoreSecretsInCentralAccount]}" = False ]; then
    [ -z "$(effective SecretsKmsKeyArn)" ] || wanted[SecretsKmsKeyArn]=$(effective SecretsKmsKeyArn)
    # Copies have keys of their own; all of them only through Secrets Manager.
    [ -z "$(effective ReplicaKmsKeyIds)" ] || wanted[SecretsKmsKeyArn]="arn:$partition:kms:*:*:key/*"
  fi
  [ ${#units[@]} -eq 0 ] || wanted[OrganizationalUnitIds]=$(IFS=,; echo "${units[*]}")
  [ -z "$(effective IAMExemptionGroup)" ] || wanted[IAMExemptionGroup]=$(effective IAMExemptionGroup)
  [ -z "$exemption_group" ] || wanted[CreateExemptionGroup]=True
  [ ${#excepted[@]} -eq 0 ] || wanted[ExceptUsers]=$(printf "arn:$partition:iam::*:user%s*\n" "${excepted[@]}" | paste -sd, -)
  [ -z "$except_tagged" ] || wanted[ExceptTaggedUsers]=True
  for key in "${!member_given[@]}"; do wanted[$key]=${member_given[$key]}; done
  upload "$templates/member-role.yaml" "$(template_key "$templates/member-role.yaml")"
  put_stack "$name-member-roles" "$templates/stackset.yaml"
}

# Says in how many accounts the member role is as it should be, and sets `lacking` where some did not get it. The stack succeeds all the same: one account's
# failure stops no other's.
lacking=""
count_members() {
  local all current waiting suspended failed account reason
  [ -n "$stackset" ] || return 0
  if ! aws cloudformation list-stack-instances --stack-set-name "$name-member" --call-as "$call_as" --output text --query \
    "Summaries[].[Account, Status, not_null(StackInstanceStatus.DetailedStatus, '-'), not_null(StatusReason, 'no reason is given')]" \
    >"$scratch/instances" 2>"$scratch/refused"; then
    warn "AWS does not say which accounts have the member role: $(last_error)"
    return 0
  fi
  # A line that begins otherwise is the rest of a reason.
  IFS=$'\t' read -r all current waiting suspended failed account reason < <(awk -F '\t' -v OFS='\t' '
    BEGIN { all = current = waiting = suspended = failed = 0 }
    $1 !~ /^[0-9]+$/ || length($1) != 12 { next }
    { ++all }
    $2 == "CURRENT" { ++current; next }
    $3 == "PENDING" || $3 == "RUNNING" { ++waiting; next }
    $3 == "SKIPPED_SUSPENDED_ACCOUNT" { ++suspended; next }
    !failed++ { account = $1; reason = $4 }
    END { print all, current, waiting, suspended, failed, account ? account : "-", reason }' "$scratch/instances")
  say "accounts with the member role: $current of $all"
  ((waiting == 0)) || note "$waiting more are under way"
  ((suspended == 0)) || note "$suspended are suspended, and left out"
  ((failed > 0)) || return 0
  lacking=$failed
  warn "accounts without the member role, or with an older one: $failed; the first is $account: $reason" "All of them:" \
    "  aws cloudformation list-stack-instances --stack-set-name $name-member --call-as $call_as --region $region \\" \
    "    --query \"Summaries[?Status!='CURRENT'].[Account,StatusReason]\" --output text" "Mend the cause, and run this again."
}

next_steps() {
  local machine runs
  machine=arn:$partition:states:$region:$account:stateMachine:$name
  runs=s3://$(resource_of "$name" RunsBucket)/runs
  say ""
  say "deployed: $name in account $account, $region; mode: $([ "$(effective DryRunFlag)" = True ] && echo "plan (audits only)" || echo apply)"
  cat <<NEXT

Next:
  1. Wait until the member roles are everywhere:
       aws cloudformation list-stack-instances --stack-set-name $name-member --call-as ${call_as:-SELF} --region $region \\
         --query 'Summaries[].[Account,StackInstanceStatus.DetailedStatus]' --output text
  2. Run a first audit. It changes nothing:
       aws stepfunctions start-execution --region $region --state-machine-arn $machine --input '{"mode": "plan"}'
  3. Read it, in the folder named after the execution:
       aws s3 ls $runs/
       aws s3 cp $runs/RUN/report.csv .
  4. Subscribe whoever is on duty to the alarms:
       aws sns subscribe --region $region --topic-arn arn:$partition:sns:$region:$account:$name-operation --protocol email --notification-endpoint YOU@EXAMPLE.COM
  5. Rotate, one OU first: $program --name $name --region $region --mode apply --parameter IncludeOUs=OU
NEXT
}

# One function, so that bash has read all of it before anything is done.
main() {
  read_options "$@"
  check_options
  check_tools
  scratch=$(mktemp -d)
  trap 'discard_change_set; rm -rf "$scratch"' EXIT
  trap interrupted INT
  find_out_where
  find_out_organization
  say "account $account ($partition), $region, organization ${organization:-none}"
  [ -z "$list_profile" ] || [ -n "$management" ] || die "--list-role-profile: this account is in no organization, or may not ask"
  [ -z "$stackset" ] || check_stacksets
  status=$(made_status "$name")
  if [ -n "$status" ]; then
    read_parameters "$name"
    for key in "${!current[@]}"; do central[$key]=${current[$key]}; done
    if [ -z "$code_bucket" ]; then
      code_bucket=$(effective CodeBucket)
    fi
  fi
  [ -z "$from_stack" ] || take_older_settings "$from_stack"
  name_member_role
  check_units
  work_out_inactive_buffer
  check_concurrency
  check_bucket
  put_list_role
  put_central
  if [ -z "$planning" ]; then
    read_parameters "$name"
    for key in "${!current[@]}"; do central[$key]=${current[$key]}; done
  fi
  put_stackset
  if [ -n "$planning" ]; then
    say "plan: nothing was changed"
    return
  fi
  count_members
  next_steps
  [ -z "$lacking" ] || die "the member role is missing or out of date in $lacking accounts; see the warning above"
}

main "$@"
