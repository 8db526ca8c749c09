"""The one place where what may differ between two runs of the same program is taken out of what they leave. Everything else is compared to the letter.

What is taken out, and why it may differ:
- key ids, key secrets, version ids and the ends of secrets' ARNs: AWS draws them, in the order in which calls of several accounts happen to arrive.
  A key gets a name instead, "key 2 of 111111111111/ann", the same wherever it stands: a key in another's place is seen. A version's id and a secret
  value are named after their key only where they are what they must be for that key.
- run ids and request ids: drawn by the program, and counted by AWS. Those that are known, no others.
- when the caller's own key was used last: by whichever of several calls at once came last.
- seconds of instants: both clocks go on while a run works. Runs begin at the second 20 of a minute in which nothing else falls due.
- signatures of proofs: they are made over instants to the second. A wrong one is seen on the next day, when it is not believed.
- how many bytes there are in half of a reply, which holds instants with as many digits as they need.
- how far this machine's clock is from the world's; the port and the folder.
"""

import hashlib
import json
import re

#: key ids, version ids and run ids: which it is, the lookup says
WORD = re.compile(r"\b[A-Za-z0-9]{16,64}\b")
SECRET = re.compile(r"(?<=AccessKey\":\")[^\"]{40}(?=\")|(?<=secret = )\S{40}$", re.MULTILINE)
ARN = re.compile(r"arn:aws:secretsmanager:[^\s\"'`]+-[A-Za-z0-9]{6}(?![\w/+=.@-])")
#: as the sandbox counts them
REQUEST = re.compile(r"\b00000000-0000-4000-8000-[0-9a-f]{12}\b")
#: Where a version runs. What the older one left in the world names its own folder, also where the newer one goes on from there.
FOLDER_PREFIX = "rekeyer-differential-"
FOLDER = re.compile(rf"[\w/.-]*/{FOLDER_PREFIX}\w+")
RUN = re.compile(r"(the run(?:\s|\\n)+|\"(?:id|run)\":\s*\"|\brun=)[0-9a-f]{16}\b")
ISO = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?Z")
STAMP = re.compile(r"(\d{8}T\d{4})\d\dZ")
BYTES = re.compile(r"\d+(\s+bytes\s+of\s+its\s+reply)")
PROOF = re.compile(r"1 kms (\S+) \S+")
SKEW = re.compile(r'off_by="[^"]*" local_clock_is=\w+|this machine\'s clock is -?\d+ s (?:ahead of|behind) AWS\'s')


class Names:
    """What is known of one world's ids."""

    def __init__(self):
        self.words, self._counts, self.secrets, self.arns, self.places = {}, {}, {}, {}, {}

    def copy(self) -> "Names":
        other = Names()
        for name, value in vars(self).items():
            setattr(other, name, dict(value))
        return other

    def _key(self, identity: str, secret: str, account: str, user: str) -> None:
        if identity not in self.words:
            number = self._counts[account, user] = self._counts.get((account, user), 0) + 1
            self.words[identity] = f"key {number} of {account}/{user}"
        self.secrets[secret] = f"<secret of {self.words[identity]}>"

    def learn(self, world: dict) -> None:
        for event in world.get("key_events", []):
            self._key(event["key"], event["secret"], event["account"], event["user"])
        for account in world["accounts"]:
            for user in account.get("users", []):
                for key in user.get("keys", []):
                    self._key(key["id"], key["secret"], account["id"], user["name"])
        for account in world["accounts"]:
            for secret in account.get("secrets", []):
                self.arns[secret["arn"]] = secret["arn"][:-6] + "??????"
                for version in secret.get("versions", []):
                    self._version(account["id"], version)

    def _version(self, holder: str, version: dict) -> None:
        try:
            value = json.loads(version["value"])
            key, user = value["AccessKeyId"], value["UserName"]
        except (ValueError, KeyError, TypeError):
            return
        accounts = {holder, self.words.get(key, "").partition(" of ")[2].partition("/")[0]}
        if any(hashlib.sha256(f"rekeyer:1\n{account}\n{user}\n{key}".encode()).hexdigest() == version["id"] for account in accounts):
            self.words[version["id"]] = f"<version of {self.words.get(key, key)}>"

    def ran(self, run: str, name: str) -> None:
        self.words.setdefault(run, name)

    # --- texts

    def text(self, text: str) -> str:
        for place, name in self.places.items():
            text = text.replace(place, name)
        if FOLDER_PREFIX in text:
            text = FOLDER.sub("<folder>", text)
        if ":secret:" in text:
            text = ARN.sub(lambda found: self.arns.get(found[0], found[0]), text)
        text = WORD.sub(lambda found: self.words.get(found[0], found[0]), text)
        text = RUN.sub(r"\1<run>", text)
        if "-4000-8000-" in text:
            text = REQUEST.sub("<request>", text)
        if "Z" in text:
            text = ISO.sub(r"\1Z", STAMP.sub(r"\1Z", text))
        if "bytes" in text:
            text = BYTES.sub(r"<some>\1", text)
        if "1 kms" in text:
            text = PROOF.sub(r"1 kms \1 <signature>", text)
        return SKEW.sub("<skew>", text) if "clock" in text else text

    def document(self, text: str) -> str:
        """JSON as lines, in the order in which it stands; any other text as it is."""
        try:
            text = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
        except ValueError:
            pass
        return self.text(text)

    def lines(self, world: dict) -> list:
        """A world as `place = value` lines."""
        found = []
        self._flatten(found, "", {name: value for name, value in world.items() if name not in ("at", "options", "key_events")})
        text = SECRET.sub(lambda secret: self.secrets.get(secret[0], secret[0]), "\n".join(found))
        return self.text(text).split("\n")

    def _flatten(self, found: list, place: str, value) -> None:
        if isinstance(value, dict):
            for name, member in value.items():
                # A report is made of the users beside it. Mails, messages and events are compared one by one.
                # The caller's own key is used by all of them.
                passed_over = name in ("report", "mails", "published") or name == "events" and "event_buses" in place or name.endswith("_use") and "[rekeyer-runner]" in place
                if not passed_over:
                    self._flatten(found, f"{place}.{name}" if place else name, member)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for number, item in enumerate(value):
                self._flatten(found, f"{place}[{_name(item, number)}]", item)
        else:
            found.append(f"{place} = {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}".replace("\n", "\\n"))


def _name(item, number: int) -> str:
    for member in ("name", "id", "arn", "key"):
        if isinstance(item, dict) and isinstance(item.get(member), str):
            return item[member]
    return str(number)
