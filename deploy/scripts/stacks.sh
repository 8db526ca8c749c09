# Stacks of CloudFormation for deploy.sh and cleanup.sh: what is deployed, whether it differs from what is wanted, and how to get there.
# To be sourced. Nothing here changes anything but apply_stack and delete_stack. Needs bash 4 and the aws CLI.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what is set here is read by those who source it, and the other way round

say() { printf '%s\n' "$*"; }
note() { printf '  %s\n' "$*"; }
progress() { printf '  %s\n' "$*" >&2; }
warn() {
  printf 'warning: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '         %s\n' "$line" >&2; done
}
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}
# Text of the aws CLI as one value a line. It applies --query page by page, so that only lists add up, and neither length() nor [0] does.
one_a_line() { tr '\t' '\n' | sed '/^None$/d;/^$/d'; }

# What the aws CLI said last of a call whose errors went to $scratch/refused.
last_error() { sed '/^[[:space:]]*$/d' "$scratch/refused" | tail -n 1; }
bad_usage() {
  printf 'error: %s\n' "$1" >&2
  printf '       %s --help tells what there is\n' "$program" >&2
  exit 2
}

# The next word of the command line, for a flag that needs one.
needs_value() {
  if [ "$#" -lt 2 ] || [ -z "$2" ]; then bad_usage "$1 needs a value"; fi
}

# The comment at the beginning of the script that was called.
show_help() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
  exit 0
}

# The deployment's name becomes a part of everything's.
check_name() {
  [[ $name =~ ^[a-z][a-z0-9-]{0,39}$ ]] || bad_usage "--name $name: 1 to 40 lower-case letters, digits and hyphens, a letter first"
}

check_tools() {
  command -v aws >/dev/null || die "the aws CLI is not there" "Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
}

# Sets region, account and partition of the credentials that the aws CLI finds.
find_out_where() {
  local arn
  if [ -n "${region:-}" ]; then
    [[ $region =~ ^[a-z]{2,4}(-[a-z]+)+-[0-9]+$ ]] || bad_usage "--region $region is no region; an example: eu-central-1"
  else
    region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
    [ -n "$region" ] || die "no region" "Say --region REGION, or set AWS_REGION."
  fi
  export AWS_REGION=$region AWS_DEFAULT_REGION=$region AWS_PAGER=""
  arn=$(aws sts get-caller-identity --query Arn --output text) \
    || die "AWS does not know these credentials" "Sign in (aws sso login), or set AWS_PROFILE; \`aws sts get-caller-identity\` must answer."
  partition=$(cut -d: -f2 <<<"$arn")
  account=$(cut -d: -f5 <<<"$arn")
}

# Sets organization and management, empty where there is none or it may not be asked.
find_out_organization() {
  local found
  found=$(aws organizations describe-organization --query 'Organization.[Id,MasterAccountId]' --output text 2>/dev/null) || found=""
  read -r organization management <<<"$found" || true
}

url_suffix() {
  case $partition in
    aws-cn) echo amazonaws.com.cn ;;
    aws-eusc) echo amazonaws.eu ;;
    *) echo amazonaws.com ;;
  esac
}

# An object's address, as CloudFormation takes it; with an emulator (AWS_ENDPOINT_URL) too.
object_url() { echo "https://$1.s3.$region.$(url_suffix)/$2"; }

hash_of() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

# A text as JSON. Parameters are ASCII, so this is all that needs an escape.
json_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

# --- templates

# Names of a template's parameters, one a line.
parameters_of() {
  awk '/^[A-Za-z]/ { inside = ($0 == "Parameters:") } inside && /^  [A-Za-z0-9]+:$/ { sub(/:$/, ""); print $1 }' "$1"
}

# The default of one of them, as plain text.
default_of() {
  awk -v wanted="  $2:" '
    /^[A-Za-z]/ { inside = ($0 == "Parameters:") }
    inside && /^  [A-Za-z0-9]+:$/ { mine = ($0 == wanted) }
    inside && mine && /^    Default: / { sub(/^    Default: /, ""); gsub(/^"|"$/, ""); print; exit }' "$1"
}

# --- what is deployed

# Empty where there is no such stack.
stack_status() {
  local answer
  if answer=$(aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>&1); then
    echo "$answer"
  elif [[ $answer != *"does not exist"* ]]; then
    die "the stack $1 cannot be looked at: $answer"
  fi
}

# The same, but a stack that waits for its first change set is none: CloudFormation calls it REVIEW_IN_PROGRESS for ever, and nothing of it was made.
made_status() {
  local status
  status=$(stack_status "$1") || return 1
  [ "$status" = REVIEW_IN_PROGRESS ] || echo "$status"
}

# Fills the associative array `current` with the stack's parameters, each as JSON.
declare -A current=()
read_parameters() {
  local name value
  current=()
  while IFS=$'\t' read -r name value; do
    [ -n "$name" ] || continue
    value=${value#[}
    current[$name]=${value%]}
  done < <(aws cloudformation describe-stacks --stack-name "$1" \
    --query 'Stacks[0].Parameters[].[ParameterKey,to_string([ParameterValue])]' --output text)
}

# resource_of STACK NAME: what AWS calls a resource of the stack; empty where the stack has none of that name.
resource_of() {
  aws cloudformation list-stack-resources --stack-name "$1" --output text \
    --query "StackResourceSummaries[?LogicalResourceId=='$2'].PhysicalResourceId" | one_a_line
}

# --- from there to what is wanted

# compare_stack STACK TEMPLATE: sets `change` to nothing, create or update, and prints what differs. The wanted parameters are in the associative
# array `wanted`; those that are not named there stay as they are.
declare -A wanted=()
compare_stack() {
  local stack=$1 template=$2 status name deployed
  for name in "${!wanted[@]}"; do
    parameters_of "$template" | grep -qx -- "$name" \
      || die "$(basename "$template") has no parameter $name" "It has: $(parameters_of "$template" | paste -sd' ' -)"
  done
  status=$(made_status "$stack")
  case $status in
    "")
      change=create
      say "create   stack $stack ($(basename "$template"))"
      for name in $(printf '%s\n' "${!wanted[@]}" | sort); do note "$name = $(json_string "${wanted[$name]}")"; done
      return
      ;;
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED)
      die "the stack $stack is in $status: it was never created, or not removed, in whole" \
        "See why:    aws cloudformation describe-stack-events --stack-name $stack --region $region" \
        "Remove it:  aws cloudformation delete-stack --stack-name $stack --region $region" "Then run this again."
      ;;
    *_IN_PROGRESS) die "the stack $stack is in $status" "Wait until that has ended, and run this again." ;;
  esac
  change=nothing
  read_parameters "$stack"
  deployed=$(aws cloudformation get-template --stack-name "$stack" --template-stage Original --query TemplateBody --output text)
  local differences=()
  [ "$deployed" = "$(<"$template")" ] || differences+=("the template")
  for name in $(printf '%s\n' "${!wanted[@]}" | sort); do
    [ "${current[$name]:-}" = "$(json_string "${wanted[$name]}")" ] \
      || differences+=("$name: ${current[$name]:-new} -> $(json_string "${wanted[$name]}")")
  done
  if [ ${#differences[@]} -eq 0 ]; then
    say "nothing  stack $stack is as wanted"
    return
  fi
  change=update
  say "update   stack $stack ($(basename "$template"))"
  for name in "${differences[@]}"; do note "$name"; done
}

# parameters_json TEMPLATE: what a change set takes. Call after compare_stack.
parameters_json() {
  local name separator="" entry
  printf '['
  while read -r name; do
    entry=""
    if [ -n "${wanted[$name]+set}" ]; then
      entry="\"ParameterValue\": $(json_string "${wanted[$name]}")"
    elif [ "$change" = update ] && [ -n "${current[$name]+set}" ]; then
      entry='"UsePreviousValue": true'
    fi
    [ -n "$entry" ] || continue
    printf '%s{"ParameterKey": "%s", %s}' "$separator" "$name" "$entry"
    separator=", "
  done < <(parameters_of "$1")
  printf ']'
}

# settled WHAT COMMAND…: asks for a status by the command until nothing is under way any more, and prints what it is then. Every minute it says on stderr how
# far it is; it gives up after six hours (a StackSet over thousands of accounts takes some), or when it can't ask any more.
# REKEYER_POLL_SECONDS and REKEYER_WAIT_SECONDS are these times.
settled() {
  local what=$1 status began=$SECONDS told=$SECONDS failures=0 limit=${REKEYER_WAIT_SECONDS:-21600}
  shift
  while :; do
    if status=$("$@" 2>"$scratch/refused"); then
      failures=0
      case $status in
        *_IN_PROGRESS | *_PENDING | RUNNING | QUEUED | STOPPING) ;;
        *) echo "$status" && return 0 ;;
      esac
    else
      failures=$((failures + 1))
      ((failures < 5)) || die "$what cannot be asked after any more: $(last_error)" \
        "AWS goes on with it. Sign in again if these credentials have run out, and run this again."
    fi
    ((SECONDS - began < limit)) || die "$what is still ${status:-unknown} after $(((SECONDS - began) / 60)) minutes" "AWS goes on with it. Run this again later."
    if ((SECONDS - told >= 60)); then
      progress "$what: $status for $(((SECONDS - began) / 60)) minutes"
      told=$SECONDS
    fi
    sleep "${REKEYER_POLL_SECONDS:-5}"
  done
}

change_set_status() {
  aws cloudformation describe-change-set --stack-name "$1" --change-set-name "$2" --query Status --output text
}

# A change set that is not executed yet, and its stack; an interrupted script leaves neither behind.
open_change_set="" open_stack=""

# Removes that change set, and the stack where it has never had another: it would stay in review for ever.
discard_change_set() {
  local change_set=$open_change_set
  [ -n "$change_set" ] || return 0
  open_change_set=""
  aws cloudformation delete-change-set --stack-name "$open_stack" --change-set-name "$change_set" >/dev/null 2>&1 || true
  if [ "$(stack_status "$open_stack" 2>/dev/null)" = REVIEW_IN_PROGRESS ]; then
    aws cloudformation delete-stack --stack-name "$open_stack" 2>/dev/null || true
  fi
}

# What Ctrl-C does; the trap for the end of the script follows.
interrupted() {
  trap '' INT
  printf '\ninterrupted: what CloudFormation has begun goes on without this script; run it again to see what is left to do\n' >&2
  exit 130
}

# why_refused CHANGE_SET_ARN REASON: on stderr, which resources a failed change set stumbled over. Only describe-events knows those that exist already.
why_refused() {
  local rows reasons="ValidationStatusReason, ResourceStatusReason, HookStatusReason"
  printf '%s\n' "$2" >&2
  rows=$(aws cloudformation describe-events --change-set-name "$1" --filters FailedEvents=true --output text --query \
    "OperationEvents[?not_null($reasons)].[not_null(LogicalResourceId, '-'), not_null($reasons)]" 2>"$scratch/refused") || rows=""
  rows=$(sed '/^None$/d;/^$/d' <<<"$rows")
  if [ -n "$rows" ]; then
    printf '%s\n' "$rows" >&2
  elif grep -qi 'invalid choice' "$scratch/refused"; then
    printf 'This aws CLI is too old to tell the resource (it has no describe-events). Update it, and run this again.\n' >&2
  fi
}

# apply_stack STACK TEMPLATE SOURCE…: makes the change that compare_stack found, by a change set. The source is --template-url URL, or for a template of
# up to 51200 bytes --template-body file://….
apply_stack() {
  local stack=$1 template=$2 change_set arn reason status type=CREATE
  shift 2
  [ "$change" != nothing ] || return 0
  if [ "$change" = update ]; then type=UPDATE; fi
  change_set="rekeyer-$(date +%s)-$RANDOM"
  parameters_json "$template" >"$scratch/parameters.json"
  open_stack=$stack open_change_set=$change_set
  arn=$(aws cloudformation create-change-set --stack-name "$stack" --change-set-name "$change_set" --change-set-type "$type" \
    "$@" --parameters "file://$scratch/parameters.json" --capabilities CAPABILITY_NAMED_IAM \
    --tags "Key=rekeyer:deployment,Value=$name" --query Id --output text) \
    || die "CloudFormation refuses the change of $stack" "The message above says why; rules of the template name the parameters to change."
  status=$(settled "the change set of $stack" change_set_status "$stack" "$change_set") || exit 1
  if [ "$status" != CREATE_COMPLETE ]; then
    reason=$(aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change_set" --query StatusReason --output text)
    if [[ $reason == *"didn't contain changes"* || $reason == *"No updates"* ]]; then
      discard_change_set
      note "CloudFormation sees no difference"
      return 0
    fi
    why_refused "$arn" "$reason"
    discard_change_set
    die "the change of $stack cannot be made; the reason stands above" \
      "Nothing was changed. A resource that exists already was left by another tool or an earlier stack: remove it there, or deploy under another --name."
  fi
  open_change_set=""
  aws cloudformation execute-change-set --stack-name "$stack" --change-set-name "$change_set" || die "the change of $stack could not be started"
  progress "waiting for the stack $stack"
  status=$(settled "the stack $stack" stack_status "$stack") || exit 1
  if [ "$status" != "${type}_COMPLETE" ]; then
    aws cloudformation describe-stack-events --stack-name "$stack" --output text --query \
      "StackEvents[?ends_with(ResourceStatus, '_FAILED')].[LogicalResourceId, ResourceStatusReason]" >&2 || true
    die "the stack $stack is ${status:-gone}; what failed stands above, the first cause last"
  fi
}

delete_stack() {
  local stack=$1 status
  aws cloudformation delete-stack --stack-name "$stack"
  progress "waiting until the stack $stack is gone"
  status=$(settled "the stack $stack" stack_status "$stack") || exit 1
  [ -z "$status" ] \
    || die "the stack $stack could not be removed in whole" \
      "See why: aws cloudformation describe-stack-events --stack-name $stack --region $region"
}
