#!/usr/bin/env python3
"""
Writes dashboards/*.json and deploy/prometheus/*.yaml, always the same for the same source.

generate.py                      writes what differs
generate.py --check              writes nothing; exit status 1, with the names, if a file differs from its source
generate.py --wait-threshold S --wait-objective SHARE --runbooks URL --out DIR
                                 with another objective for waits, other addresses of runbooks, to another place
"""
import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
import agent_rules
import fleet
import grafana_json
import host_rules
import itself
import machines
import rules
import slo_rules
import vcenter
import workload
import workload_rules

ROOT = pathlib.Path(__file__).resolve().parents[2]
DASHBOARDS = (fleet.DASHBOARD, workload.DASHBOARD, machines.DASHBOARD, vcenter.DASHBOARD, itself.DASHBOARD)


def rule_files(objective=slo_rules.Objective()):
    return (workload_rules.FILE, host_rules.FILE, agent_rules.FILE, slo_rules.file(objective))


def outputs(objective=slo_rules.Objective(), runbooks=rules.RUNBOOKS):
    """What is written, by its path beneath the root of the project."""
    result = {f"dashboards/{each.file}": grafana_json.render(each) for each in DASHBOARDS}
    result.update({f"deploy/prometheus/{each.file}": rules.render(each, runbooks) for each in rule_files(objective)})
    return result


def differing(root, wanted):
    def read(path):
        return path.read_text(encoding="utf-8") if path.exists() else None
    return [path for path, text in wanted.items() if read(root / path) != text]


def main():
    parser = argparse.ArgumentParser(description="Writes the dashboards and the rule files from their source.")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if anything differs")
    parser.add_argument("--wait-threshold", type=float, default=slo_rules.Objective.threshold, metavar="S", help="a power of two, in seconds")
    parser.add_argument("--wait-objective", type=float, default=slo_rules.Objective.share, metavar="SHARE")
    parser.add_argument("--runbooks", default=rules.RUNBOOKS, metavar="URL", help="where docs/runbooks can be read")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT, metavar="DIR")
    arguments = parser.parse_args()
    try:
        wanted = outputs(slo_rules.Objective(arguments.wait_threshold, arguments.wait_objective), arguments.runbooks)
    except ValueError as error:
        sys.exit(f"generate.py: {error}")
    changed = differing(arguments.out, wanted)
    if arguments.check:
        sys.exit("".join(f"{path} is not what its source makes: make dashboards\n" for path in changed) or None)
    for path in changed:
        (arguments.out / path).parent.mkdir(parents=True, exist_ok=True)
        (arguments.out / path).write_text(wanted[path], encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
