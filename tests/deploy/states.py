"""What is wrong with the shape of a state machine: targets that are not there, states that nothing reaches, ends that are none."""


def _targets(state) -> list:
    found = [state[key] for key in ("Next", "Default") if key in state]
    found += [choice["Next"] for choice in state.get("Choices", [])]
    return found + [catcher["Next"] for catcher in state.get("Catch", [])]


def problems_of(machine, where="") -> list:
    states, problems = machine.get("States", {}), []
    reached, waiting = set(), [machine.get("StartAt")]
    while waiting:
        name = waiting.pop()
        if name not in states:
            problems.append(f"{where}{name} is led to and is not there")
        elif name not in reached:
            reached.add(name)
            waiting += _targets(states[name])
    problems += [f"{where}{name} is not reached" for name in states if name not in reached]
    for name, state in states.items():
        if state["Type"] not in ("Choice", "Succeed", "Fail") and ("Next" in state) == state.get("End", False):
            problems.append(f"{where}{name} has neither or both of Next and End")
        if state["Type"] == "Map":
            problems += problems_of(state["ItemProcessor"], f"{where}{name}/")
        elif state["Type"] not in ("Task", "Choice", "Pass", "Succeed", "Fail", "Wait"):
            problems.append(f"{where}{name} has the type {state['Type']}, which this check does not know")
    return problems
