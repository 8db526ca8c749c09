"""A year of rekeyer 0.1, made by 0.1 itself (age/), goes on under this version: vouched for, or not.

What must happen is read from the records that 0.1 left, by Python, and from what 0.1 went on to do with the same world.
"""

import collections
import json

from age import fixture, organization
from age.organization import RESEARCH, RUN_AS, SHOP, YEAR, moment, value_of
from age.player import Player
from case import LabCase
from checks import keys as key_checks
from checks import leaks, runs

DAY = 86400
NEXT_DAY = organization._day(YEAR + 1)


class Age(LabCase):
    def setUp(self):
        self.world = fixture.load()
        self.at = moment(self.world["at"]).timestamp()
        proof = {"id": "0a1b2c3d-0000-4000-8000-000000000000", "region": "us-east-1", "spec": "ECC_NIST_P256"}
        self.world["accounts"][0]["kms_keys"] = [proof]
        self.lab.build(**self.world)
        arn = f"arn:aws:kms:us-east-1:{RUN_AS}:key/{proof['id']}"
        self.player = Player(self.lab, settings={**organization.SETTINGS, "store": {"proof": arn}})
        self.addCleanup(self.player.close)
        self.events_before = len(self.lab.key_events())

    def adopt(self):
        for _ in range(2):
            run = self.player.rekeyer.run("adopt", "--before", NEXT_DAY, "--yes", "--no-wait", "--format", "json")
            print(collections.Counter((a["status"],a["reason"]) for a in run.json["actions"]), run.code)
            for a in run.json["actions"]:
                if a["reason"] not in ("lock_spreading",) and (a["reason"]!="vouched" or "anew" in a["detail"]): print(a["user"], a["status"], a["reason"], a["detail"])
            self.lab.advance(minutes=6)

    def steps(self):
        begin = organization.BEGIN.timestamp()
        return [[(e["at"]-begin)/DAY-YEAR, e["account"], e["user"], e["id"], e["event"]] for e in self.lab.key_events()[self.events_before:] if not e["by_lab"] and e["event"]!="stored"]

    def test_look(self):
        self.adopt()
        import time
        t=time.time()
        for n in range(YEAR+1, YEAR+116):
            self.player.go_to(n)
            self.player.work(n)
            run = self.player.apply()
            reasons = collections.Counter((a["action"],a["status"],a["reason"]) for a in run.json["actions"])
            if n < YEAR+4 or run.code: print(n, run.code, dict(reasons))
            if n in (YEAR+1, YEAR+2, YEAR+30): 
                for a in run.json["actions"]: print("   ", a["user"], a["key"], a["action"], a["status"], a["reason"], a["detail"])
        print("took", time.time()-t)
        print(self.player.people.stranded)
        ours = collections.defaultdict(list)
        for d,a,u,k,w in self.steps(): ours[a,u,k if w!="created" else "",w].append(d)
        theirs = collections.defaultdict(list)
        for d,a,u,k,w in fixture.timeline(): theirs[a,u,k if w!="created" else "",w].append(d)
        for key in sorted(set(ours)|set(theirs)):
            o,t=[round(x) for x in ours.get(key,[])],theirs.get(key,[])
            if o!=t: print(key,"0.1:",t,"now:",o)
