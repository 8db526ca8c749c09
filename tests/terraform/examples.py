"""One life of an example, told step by step: deployed, looked at, planned again, planned with another mode, taken down. Tests look at the record."""

import time

from aws import Server
from holdings import Account
from terraform import Failed, Workspace, changes_of

CENTRAL = "123456789012"  # moto's account


class Life:
    def __init__(self, example: str, organization: bool, let_go: tuple = ()):
        begun = time.monotonic()
        self._server = Server()
        self._workspace = Workspace(f"examples/{example}", self._server.endpoint)
        try:
            self._live(organization, let_go)
        except BaseException:
            self.close()
            raise
        print(f"measured: {example}: {time.monotonic() - begun:.0f} s", flush=True)

    def close(self) -> None:
        self._workspace.close()
        self._server.stop()

    def _live(self, organization: bool, let_go: tuple) -> None:
        here, given = Account(self._server.endpoint), {"package_path": str(self._workspace.package)}
        if organization:
            self.organization = here.organization()
            given |= {"organization_id": self.organization["id"], "organizational_unit_ids": [self.organization["unit"]], "call_as": "SELF"}
            given |= {"operations_emails": ["oncall@example.com"], "tags": {"team": "cloud"}}
        self._workspace.init()
        self._workspace.run("validate")
        self._workspace.variables(**given)
        self._workspace.apply()
        self.deployed = here.holdings()
        if organization:
            self.member_roles = here.member(self.organization["account"]).roles()
        self.again = changes_of(self._workspace.plan())
        self._workspace.variables(**given, mode="apply")
        self.upgrade = changes_of(self._workspace.plan("-refresh=false"))
        self._workspace.variables(**given)
        if let_go:
            self.kept = self._workspace.kept("-destroy")
            self._workspace.let_go(*let_go)
            self._destroy_with_a_report(here)
        self._workspace.destroy()
        self.files_left, self.untracked = self._workspace.files_left()
        self.left = here.holdings()
        if organization:
            self.member_roles_left = here.member(self.organization["account"]).roles()

    def _destroy_with_a_report(self, here: Account) -> None:
        """Fails at the bucket, which is emptied for the next try."""
        s3 = here.client("s3")
        place = {"Bucket": next(iter(self.deployed["buckets"])), "Key": "runs/first/report.csv"}
        s3.delete_bucket_policy(Bucket=place["Bucket"])  # moto reads no conditions: it denies what comes over TLS as well
        s3.put_object(**place, Body=b"account,user")
        try:
            self._workspace.destroy()
        except Failed as failure:
            self.report_in_the_way = str(failure)
        self.left_with_a_report = self._workspace.managed()
        s3.delete_object(**place)
