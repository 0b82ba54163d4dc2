"""An objective for waits, and alerts on how fast its error budget is spent: several windows, two for each rate (Google's SRE workbook, chapter 5)."""
from dataclasses import dataclass

from rules import Alert, Group, Record, RuleFile
from workload_rules import NAMED, WHO

WAIT = "observe_runqueue_wait_seconds"


@dataclass(frozen=True)
class Objective:
    """Waits for a CPU of at most `threshold` s, which is a power of two, are good; `share` of all are to be so."""
    threshold: float = 2 ** -5
    share: float = 0.99

    def __post_init__(self):
        if self.threshold not in [2.0 ** power for power in range(-20, 5)]:
            raise ValueError(f"a threshold of {self.threshold} s is no bound of the histogram's: take a power of two from 2^-20 to 2^4 s")
        if not 0 < self.share < 1:
            raise ValueError(f"an objective of {self.share} is no share between 0 and 1")

    @property
    def bound(self):
        """As `le` has it. Prometheus 3 writes whole numbers with a point, Prometheus 2 without."""
        return f'le="{self.threshold!r}"' if self.threshold % 1 else f'le=~"{self.threshold:g}|{self.threshold!r}"'


@dataclass(frozen=True)
class Burn:
    """At `rate` times the rate that spends the budget in 30 days: both windows have to show it, the short one so that it ends soon after."""
    rate: float
    long: str
    short: str
    severity: str
    wait: str
    spent: str


BURNS = (
    Burn(14.4, "1h", "5m", "critical", "2m", "2 % of a month's budget in an hour"),
    Burn(6, "6h", "30m", "critical", "5m", "5 % of a month's budget in 6 hours"),
    Burn(3, "1d", "2h", "warning", "15m", "10 % of a month's budget in a day"),
    Burn(1, "3d", "6h", "warning", "1h", "10 % of a month's budget in 3 days"),
)
WINDOWS = ("30m", "1h", "2h", "6h", "1d", "3d")


def _native(function):
    return f"{function}sum by ({WHO}) (rate({WAIT}[5m]))"


def file(objective=Objective()):
    rates = Group("observe.slo.wait", "Waits for a CPU, and the slow ones among them, a second. The threshold stands in the second rule and nowhere else, twice: for native histograms and for classic ones. "
                  "The objective stands in the third.", (
        Record("workload:observe_waits:rate5m", f"""
            histogram_count({_native('')})
              or sum by ({WHO}) (rate({WAIT}_count[5m]))"""),
        Record("workload:observe_waits_slow:rate5m", f"""
            workload:observe_waits:rate5m
                * on ({WHO}) (1 - (histogram_fraction(0, {objective.threshold!r}, {_native('')}) >= 0))
              or clamp_min(workload:observe_waits:rate5m - on ({WHO}) sum by ({WHO}) (rate({WAIT}_bucket{{{objective.bound}}}[5m])), 0)
              or 0 * workload:observe_waits:rate5m""", "A native histogram without waits has no fraction (NaN), and no slow ones."),
        Record("observe:wait_objective:share", f"vector({objective.share!r})"),
        Record("workload:observe_waits_slow:share5m", "workload:observe_waits_slow:rate5m / (workload:observe_waits:rate5m > 0)"),
        *(Record(f"workload:observe_waits_slow:share{window}",
                 f"avg_over_time(workload:observe_waits_slow:rate5m[{window}]) / (avg_over_time(workload:observe_waits:rate5m[{window}]) > 0)") for window in WINDOWS),
    ), interval="30s")
    share = f"{100 * objective.share:g} %"
    limit = f"{1000 * objective.threshold:g} ms"
    alerts = Group("observe.slo.wait.alerts", "Fewer than one wait in ten seconds is too few to judge by.", tuple(
        Alert("ObserveWaitBudgetBurn", burn.severity, f"""
            (
              workload:observe_waits_slow:share{burn.long} > on () group_left () ({burn.rate:g} * (1 - observe:wait_objective:share))
                and workload:observe_waits_slow:share{burn.short} > on () group_left () ({burn.rate:g} * (1 - observe:wait_objective:share))
            )
              and avg_over_time(workload:observe_waits:rate5m[{burn.long}]) > 0.1""", burn.wait,
              f"{{{{ $value | humanizePercentage }}}} of the waits of {NAMED} for a CPU were longer than {limit} in the last {burn.long}",
              f"The objective is that {share} are not. At this rate {burn.spent} is spent ({burn.rate:g} times what lasts for 30 days).",
              "The dashboard Workload names who ran meanwhile (Culprits), and single waits with their spans (the heat map's diamonds).",
              labels=(("window", burn.long), ("slo", "wait")))
        for burn in BURNS))
    return RuleFile("slo.yaml", f"An objective for waits: {share} of a workload's waits for a CPU are at most {limit}. Another one: make dashboards WAIT_THRESHOLD=0.015625 WAIT_OBJECTIVE=0.999, "
                    "or change the two rules that say so by hand. docs/alerts.md.", (rates, alerts))
