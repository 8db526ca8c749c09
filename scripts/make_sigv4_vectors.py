#!/usr/bin/env python3
"""Writes tests/vectors/sigv4/*.json: signing cases with every stage as botocore computes it.

Run it after changing CASES: `scripts/make_sigv4_vectors.py` (needs botocore). The same input gives the same files.
Only this script and tests/sigv4_live.py know botocore; the C++ tests read the files.
"""

import datetime
import json
import pathlib
import sys
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TIME = "2026-01-02T03:04:05Z"
FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
JSON11 = ("Content-Type", "application/x-amz-json-1.1")


def sign(case):
    """The stages for one case: canonical request, string to sign, signature, Authorization header."""
    when = datetime.datetime.strptime(case["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    credentials = botocore.credentials.Credentials(case["key_id"], case["secret"], case["token"] or None)
    signer_class = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    signer = signer_class(credentials, case["service"], case["region"])
    request = botocore.awsrequest.AWSRequest(
        method=case["method"], url=case["url"], data=case["body"].encode("utf-8")
    )
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    with mock.patch("botocore.auth.get_current_datetime", return_value=when):
        signer.add_auth(request)
    authorization = request.headers["Authorization"]
    del request.headers["Authorization"]
    canonical = signer.canonical_request(request)
    to_sign = signer.string_to_sign(request, canonical)
    return {
        "canonical_request": canonical,
        "string_to_sign": to_sign,
        "signature": signer.signature(to_sign, request),
        "authorization": authorization,
    }


def case(name, method, url, headers=(), body="", service=None, region="us-east-1", token="", time=TIME, **other):
    return {
        "name": name,
        "method": method,
        "url": url,
        "headers": [list(field) for field in headers],
        "body": body,
        "key_id": other.get("key_id", KEY_ID),
        "secret": other.get("secret", SECRET),
        "token": token,
        "region": region,
        "service": service,
        "time": time,
    }


def services():
    query = "Action={}&Version={}"
    yield case("sts-get-caller-identity-with-token", "POST", "https://sts.us-east-1.amazonaws.com/", [FORM],
               query.format("GetCallerIdentity", "2011-06-15"), "sts", token="TOKEN/+=example")
    yield case("sts-assume-role-china", "POST", "https://sts.cn-north-1.amazonaws.com.cn/", [FORM],
               query.format("AssumeRole", "2011-06-15") + "&RoleArn=arn%3Aaws-cn%3Aiam%3A%3A111111111111%3Arole%2Fr",
               "sts", "cn-north-1")
    yield case("iam-list-users", "POST", "https://iam.amazonaws.com/", [FORM],
               query.format("ListUsers", "2010-05-08") + "&MaxItems=1000", "iam")
    yield case("iam-govcloud", "POST", "https://iam.us-gov.amazonaws.com/", [FORM],
               query.format("ListUsers", "2010-05-08"), "iam", "us-gov-west-1")
    yield case("organizations-list-accounts", "POST", "https://organizations.us-east-1.amazonaws.com/",
               [JSON11, ("X-Amz-Target", "AWSOrganizationsV20161128.ListAccounts")], "{}", "organizations")
    yield case("secretsmanager-put", "POST", "https://secretsmanager.eu-central-1.amazonaws.com/",
               [JSON11, ("X-Amz-Target", "secretsmanager.PutSecretValue")],
               '{"SecretId":"Account_111111111111_User_zoë_AccessKey","SecretString":"{\\"a\\":\\"b\\"}"}',
               "secretsmanager", "eu-central-1")
    yield case("lambda-arn-in-path", "POST",
               "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
               "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af/invocations?Qualifier=live",
               [("X-Amz-Invocation-Type", "Event")], "{}", "lambda", "eu-west-1")
    yield case("sesv2-email-host-ses-name", "POST", "https://email.us-west-2.amazonaws.com/v2/email/outbound-emails",
               [("Content-Type", "application/json")], '{"a":1}', "ses", "us-west-2")
    yield case("ssm-no-content-type", "POST", "https://ssm.us-east-1.amazonaws.com/",
               [("X-Amz-Target", "AmazonSSM.GetParameter")], "{}", "ssm")
    yield case("end-of-year", "POST", "https://sns.us-east-1.amazonaws.com/", [FORM], "Action=Publish", "sns",
               time="2027-12-31T23:59:59Z")
    yield case("empty-body", "GET", "https://iam.amazonaws.com/", [], "", "iam")
    yield case("long-body", "POST", "https://sns.us-east-1.amazonaws.com/", [FORM], "Message=" + "x" * 5000, "sns")


def s3():
    host = "https://bkt.s3.eu-west-1.amazonaws.com"
    yield case("encoded-once-double-slash", "GET", host + "/a%20b/c%2Bd//e.json", service="s3", region="eu-west-1")
    yield case("dot-segments-stay", "GET", host + "/a/./b/../c", service="s3", region="eu-west-1")
    yield case("trailing-slash", "GET", host + "/folder/", service="s3", region="eu-west-1")
    yield case("root", "GET", host + "/", service="s3", region="eu-west-1")
    yield case("put-with-token", "PUT", host + "/report.json", [("Content-Type", "application/json")], '{"a":"ü"}',
               "s3", "eu-west-1", token="FwoGZXIvYXdzE//////////wEaDA==")
    yield case("unicode-key", "GET", host + "/%E1%88%B4/caf%C3%A9", service="s3", region="eu-west-1")
    yield case("list", "GET", host + "/?list-type=2&prefix=a%2Fb&delimiter=%2F", service="s3", region="eu-west-1")
    yield case("query-without-value", "GET", host + "/?policy", service="s3", region="eu-west-1")


def paths_and_queries():
    host = "https://service.us-east-1.amazonaws.com"
    yield case("empty-path", "GET", host, service="service")
    yield case("dots-removed", "GET", host + "/a/./b/../c/", service="service")
    yield case("slashes-collapsed", "GET", host + "//a///b//", service="service")
    yield case("above-root", "GET", host + "/../../a", service="service")
    yield case("space-encoded-twice", "GET", host + "/example%20space/", service="service")
    yield case("unicode-path", "GET", host + "/%E1%88%B4", service="service")
    yield case("path-of-reserved", "GET", host + "/a:b@c!$&'()*+,;=d", service="service")
    yield case("query-sorted-by-name", "GET", host + "/?b=2&a=1&B=3&A=4", service="service")
    yield case("query-sorted-by-value", "GET", host + "/?a=2&a=1&a=10", service="service")
    yield case("query-prefix-names", "GET", host + "/?ab=1&a=2&a-b=3&a%2Fb=4", service="service")
    yield case("query-empty-values", "GET", host + "/?b=&a", service="service")
    yield case("query-equals-in-value", "GET", host + "/?a=b%3Dc&d=%3D%3D", service="service")
    yield case("query-space-and-plus", "GET", host + "/?a=b%20c&d=e%2Bf", service="service")
    yield case("query-unicode", "GET", host + "/?%E1%88%B4=bar&caf%C3%A9=%F0%9F%94%91", service="service")
    yield case("query-unreserved", "GET", host + "/?-._~0aZ=-._~0aZ", service="service")
    yield case("port-in-host", "POST", "http://localhost:5000/", [FORM], "Action=ListUsers", "iam")
    yield case("default-port-left-out", "POST", "https://iam.amazonaws.com:443/", [FORM], "Action=ListUsers", "iam")
    yield case("http-port-443", "POST", "http://localhost:443/prefix/", [FORM], "Action=ListUsers", "iam")
    yield case("ipv6-host", "POST", "http://[::1]:4566/", [FORM], "Action=ListUsers", "iam")


def headers():
    url = "https://service.us-east-1.amazonaws.com/"
    yield case("outer-space-trimmed", "GET", url, [("X-Amz-Meta-A", "  a b  ")], service="service")
    yield case("inner-space-squeezed", "GET", url, [("X-Amz-Meta-A", "a   b \t c")], service="service")
    yield case("repeated-joined-in-order", "GET", url,
               [("X-Amz-Meta-A", "2"), ("X-Amz-Meta-A", "1"), ("x-amz-meta-a", " 3 ")], service="service")
    yield case("names-sorted-lower-case", "GET", url,
               [("X-Amz-Zeta", "z"), ("x-amz-alpha", "A"), ("Content-Type", "text/plain"), ("x-amz-Alpha-b", "B")],
               service="service")
    yield case("empty-value", "GET", url, [("X-Amz-Meta-A", "")], service="service")
    yield case("unsigned-left-out", "GET", url,
               [("User-Agent", "x/1"), ("Connection", "keep-alive"), ("X-Amzn-Trace-Id", "Root=1"), ("TE", "trailers")],
               service="service")
    yield case("long-token", "POST", url, [FORM], "a=b", "service", token="IQoJb3JpZ2luX2Vj" + "A/+=" * 250)
    yield case("other-credentials", "POST", url, [FORM], "a=b", "service", key_id="ASIA0123456789ABCDEF",
               secret="0/" * 20)


GROUPS = {"services": services, "s3": s3, "paths_and_queries": paths_and_queries, "headers": headers}


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "tests" / "vectors" / "sigv4"
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, cases in GROUPS.items():
        vectors = [{**each, **sign(each)} for each in cases()]
        count += len(vectors)
        (folder / f"{name}.json").write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")
    print(f"{count} vectors written to tests/vectors/sigv4", file=sys.stderr)


if __name__ == "__main__":
    main()
