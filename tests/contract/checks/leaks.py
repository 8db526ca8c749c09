"""I7: no secret in anything that rekeyer printed, sent, wrote to its folder or put into tags; no attempt to read a secret back."""

import re


def _texts(lab, rekeyer, state):
    for mail in lab.mails():
        yield f"a mail to {mail['to']}", "\n".join((mail["subject"], mail["text"], mail["html"]))
    for message in lab.published():
        yield f"a message to {message['topic']}", "\n".join((message["subject"], message["message"], *message["attributes"].values()))
    for index, run in enumerate(rekeyer.runs):
        yield f"the output of run {index}", run.out
        yield f"the log of run {index}", run.err
    for path in sorted(rekeyer.folder.rglob("*")):
        if path.is_file() and path.suffix != ".credentials":
            yield f"the file {path.name}", path.read_text("utf-8", "replace")
    for owner, secret in state.secrets.items():
        yield f"the tags of {owner}'s secret", " ".join(secret.tags.values())


def seen_secrets(lab, rekeyer, state) -> list:
    known = {secret for secret in lab.control("known_secrets") if secret}
    known.add(lab.made["caller"]["secret"])
    for secret in state.secrets.values():
        known |= {value["SecretAccessKey"] for _, value in secret.versions.values() if value.get("SecretAccessKey")}
    # Half of a secret is a leak as well.
    known |= {secret[: len(secret) // 2] for secret in known if len(secret) >= 40}
    pattern = re.compile("|".join(re.escape(secret) for secret in sorted(known, key=len, reverse=True)))
    return [f"I7: a secret can be seen in {where}" for where, text in _texts(lab, rekeyer, state) if text and pattern.search(text)]


def value_reads(lab) -> list:
    return [f"I7: {v['principal']} called {v['operation']} on {v['secret']}" for v in lab.violations()]
