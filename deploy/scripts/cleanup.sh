#!/usr/bin/env bash
# Removes what deploy.sh made: the central stack, the member roles of all accounts, and where asked the list role. May be repeated.
#
# usage: cleanup.sh [options]
#   --name NAME               the deployment's name (rekeyer)
#   --region REGION           where it runs (the aws CLI's region)
#   --list-role-profile NAME  a profile of the aws CLI in the management account: removes the list role there, too
#   --delete-data             the reports of all runs, too; they are kept otherwise
#   --yes                     does not ask
#   --plan                    says what would be done, and changes nothing
#
# Never removed: users' secrets and their keys, the KMS key of the central store, exemption groups, and the code bucket.
set -euo pipefail

program=$(basename "$0")
here=$(cd "$(dirname "$0")" && pwd)
if ((BASH_VERSINFO[0] < 4)); then
  echo "error: this needs bash 4 or later, and this is $BASH_VERSION; on macOS: brew install bash" >&2
  exit 1
fi
# shellcheck source=deploy/scripts/stacks.sh
source "$here/stacks.sh"

name=rekeyer region="" list_profile="" delete_data="" sure="" planning=""

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) show_help ;;
      --plan) planning=yes ;;
      --yes) sure=yes ;;
      --delete-data) delete_data=yes ;;
      --name) needs_value "$@" && name=$2 && shift ;;
      --region) needs_value "$@" && region=$2 && shift ;;
      --list-role-profile) needs_value "$@" && list_profile=$2 && shift ;;
      *) bad_usage "$1 is no option" ;;
    esac
    shift
  done
  check_name
}

# is_there BUCKET: no where it is gone; yes also where it may not be looked at.
is_there() {
  local answer
  answer=$(aws s3api head-bucket --bucket "$1" --expected-bucket-owner "$account" 2>&1) || [[ $answer != *404* && $answer != *"Not Found"* ]]
}

# Buckets of runs, one a line. They are found by their tag, as they outlive the stack; AWS lists some for a while after they are gone.
buckets_of_runs() {
  local found bucket
  found=$(aws resourcegroupstaggingapi get-resources --resource-type-filters s3 --tag-filters "Key=rekeyer:deployment,Values=$name" \
    --query "ResourceTagMappingList[?!(Tags[?Key=='rekeyer:content'])].ResourceARN" --output text) || return 1
  for bucket in $(one_a_line <<<"$found" | sed 's/^arn:[^:]*:s3::://'); do
    if [ "$bucket" != "$code_bucket" ] && is_there "$bucket"; then echo "$bucket"; fi
  done
}

# What of the central stack is needed once it is gone: its code bucket, and the KMS key of the secrets.
look_at_central() {
  local key json
  read_parameters "$name"
  for key in CodeBucket SecretsKmsKeyArn StoreSecretsInCentralAccount; do
    json=${current[$key]:-}
    json=${json#\"}
    central_parameters[$key]=${json%\"}
  done
  code_bucket=${central_parameters[CodeBucket]:-$code_bucket}
  kms_key=$(resource_of "$name" SecretsKey)
}

# Looks first, so that what is asked about is what is there. Sets central, members, set_status, instances, buckets, code_bucket, kms_key.
declare -A central_parameters=()
look() {
  local running
  central=$(stack_status "$name")
  members=$(stack_status "$name-member-roles")
  instances="" kms_key="" code_bucket=rekeyer-code-$account-$region
  call_as=DELEGATED_ADMIN
  [ "$account" != "$management" ] || call_as=SELF
  set_status=$(aws cloudformation describe-stack-set --stack-set-name "$name-member" --call-as "$call_as" --query StackSet.Status --output text 2>/dev/null) \
    || set_status=""
  if [ "$set_status" = ACTIVE ]; then
    instances=$(aws cloudformation list-stack-instances --stack-set-name "$name-member" --call-as "$call_as" --query 'Summaries[].Account' --output text \
      | one_a_line | sort -u | wc -l | tr -d ' ')
  fi
  if [[ -n $central && $central != REVIEW_IN_PROGRESS ]]; then look_at_central; fi
  buckets=$(buckets_of_runs)
  is_there "$code_bucket" || code_bucket=""
  [[ -n $central && $central != REVIEW_IN_PROGRESS ]] || return 0
  running=$(aws stepfunctions list-executions --status-filter RUNNING --query 'executions[].executionArn' --output text \
    --state-machine-arn "arn:$partition:states:$region:$account:stateMachine:$name" 2>"$scratch/refused") \
    || { grep -q StateMachineDoesNotExist "$scratch/refused" || die "$(last_error)"; running=""; }
  running=$(one_a_line <<<"$running" | head -n 1)
  [ -z "$running" ] || [ -n "$planning" ] || die "a run is under way: $running" \
    "Wait for its end, or stop it (the next deployment finishes or undoes what it began):" \
    "  aws stepfunctions stop-execution --region $region --execution-arn $running"
}

tell() {
  say "account $account, $region, deployment $name:"
  case $central in
    "") ;;
    REVIEW_IN_PROGRESS) say "remove   stack $name, of which nothing was ever made (it is in review)" ;;
    *) say "remove   stack $name: functions, state machine, schedule, alarms, topic, configuration" ;;
  esac
  [ -z "$members$set_status" ] || say "remove   member roles of ${instances:-0} accounts (StackSet $name-member)"
  [ -z "$list_profile" ] || say "remove   stack $name-list-accounts in the management account"
  for bucket in $buckets; do
    if [ -n "$delete_data" ]; then say "remove   bucket $bucket with the reports of all runs"; else say "keep     bucket $bucket with the reports of all runs (--delete-data removes it)"; fi
  done
  [ -z "$code_bucket" ] || say "keep     bucket $code_bucket with packages and templates"
  [ -z "$kms_key" ] || say "keep     KMS key $kms_key of the users' secrets"
}

ask() {
  local answer=""
  [ -z "$sure" ] || return 0
  [ -t 0 ] || die "nobody is there to ask" "Say --yes, or run this on a terminal."
  read -r -p "Type the name of the deployment to go on: " answer
  [ "$answer" = "$name" ] || die "not confirmed; nothing was changed"
}

operation_status() {
  aws cloudformation describe-stack-set-operation --stack-set-name "$name-member" --call-as "$call_as" --operation-id "$1" \
    --query StackSetOperation.Status --output text
}

# Accounts that have left their OU are no targets of the StackSet any more, and it can't be deleted while it has instances.
remove_instances() {
  local units regions operation status
  mapfile -t units < <(aws cloudformation list-stack-instances --stack-set-name "$name-member" --call-as "$call_as" \
    --query 'Summaries[].OrganizationalUnitId' --output text | one_a_line | sort -u)
  mapfile -t regions < <(aws cloudformation list-stack-instances --stack-set-name "$name-member" --call-as "$call_as" \
    --query 'Summaries[].Region' --output text | one_a_line | sort -u)
  [ ${#units[@]} -gt 0 ] || return 0
  progress "removing the role from the accounts below ${units[*]}"
  operation=$(aws cloudformation delete-stack-instances --stack-set-name "$name-member" --call-as "$call_as" --no-retain-stacks --regions "${regions[@]}" \
    --deployment-targets "OrganizationalUnitIds=$(IFS=,; echo "${units[*]}")" \
    --operation-preferences FailureTolerancePercentage=100,MaxConcurrentPercentage=100 --query OperationId --output text)
  status=$(settled "removing the member roles" operation_status "$operation") || exit 1
  [ "$status" = SUCCEEDED ] || die "the member roles could not be removed everywhere ($status)" \
    "See where: aws cloudformation list-stack-instances --stack-set-name $name-member --call-as $call_as --region $region"
}

remove_members() {
  [ -n "$members$set_status" ] || return 0
  say "removing the member roles"
  [ "$set_status" != ACTIVE ] || remove_instances
  [ -z "$members" ] || delete_stack "$name-member-roles"
  # What a stack did not make, or did not take along.
  if [ "$(aws cloudformation describe-stack-set --stack-set-name "$name-member" --call-as "$call_as" --query StackSet.Status --output text 2>/dev/null)" = ACTIVE ]; then
    aws cloudformation delete-stack-set --stack-set-name "$name-member" --call-as "$call_as"
  fi
}

remove_list_role() {
  local code
  [ -n "$list_profile" ] || return 0
  # Not `( … ) || exit`: bash would not end it at its first error then.
  set +e
  (
    set -e
    trap 'exit 130' INT
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    export AWS_PROFILE=$list_profile
    theirs=$(aws sts get-caller-identity --query Account --output text) || die "--list-role-profile $list_profile: AWS does not know these credentials"
    [ "$theirs" = "$management" ] || die "--list-role-profile $list_profile is of account $theirs, and the management account is ${management:-unknown}"
    status=$(stack_status "$name-list-accounts")
    [ -z "$status" ] || delete_stack "$name-list-accounts"
  )
  code=$?
  set -e
  [ "$code" = 0 ] || exit "$code"
}

remove_data() {
  local bucket
  [ -n "$delete_data" ] || return 0
  for bucket in $buckets; do
    say "removing the bucket $bucket"
    aws s3 rm "s3://$bucket" --recursive --only-show-errors
    aws s3api delete-bucket --bucket "$bucket"
  done
}

tell_what_stays() {
  local arn=${central_parameters[SecretsKmsKeyArn]:-} again=""
  [ -z "$kms_key" ] || arn=arn:$partition:kms:$region:$account:key/$kms_key
  [ "${central_parameters[StoreSecretsInCentralAccount]:-}" != True ] || again="--parameter StoreSecretsInCentralAccount=True "
  if [ -n "$arn" ]; then
    say "kept: the KMS key of the users' secrets, $arn"
    note "A later deployment must have the same key, or it can neither read nor replace these secrets:"
    note "  deploy.sh --package FILE.zip --name $name --region $region $again--parameter SecretsKmsKeyArn=$arn"
  fi
  if [ -n "$kms_key" ]; then
    note "Without this key no secret can be read again. Once none is needed:"
    note "  aws kms schedule-key-deletion --region $region --key-id $kms_key"
  fi
  if [ -n "$code_bucket" ]; then
    say "kept: the code bucket $code_bucket; other deployments of this account may use it, too"
    note "Once none does:"
    note "  aws s3 rb s3://$code_bucket --region $region --force"
  fi
}

# One function, so that bash has read all of it before anything is done.
main() {
  read_options "$@"
  check_tools
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  trap interrupted INT
  find_out_where
  find_out_organization
  look
  if [ -z "$central$members$set_status$list_profile" ] && { [ -z "$delete_data" ] || [ -z "$buckets" ]; }; then
    tell
    say "nothing to remove"
    exit 0
  fi
  tell
  if [ -n "$planning" ]; then
    say "plan: nothing was changed"
    exit 0
  fi
  ask
  # The runs end first: nothing is left that would enter the accounts while their roles go.
  if [ -n "$central" ]; then
    say "removing the stack $name"
    delete_stack "$name"
  fi
  remove_members
  remove_list_role
  remove_data
  say "removed: $name"
  tell_what_stays
}

main "$@"
