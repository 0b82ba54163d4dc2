"""Fragments of PromQL that more than one panel or rule is made of. Windows are Grafana's unless said otherwise."""

WINDOW = "$__rate_interval"

# A Prometheus that scrapes one host with static_configs knows no cluster: 'All' is the pattern .*, which an absent label matches.
NODE = 'cluster=~"$cluster",instance=~"$node"'
WORKLOAD = NODE + ',workload=~"$workload"'

# States in which a thread wanted a CPU. What it sleeps through is its own affair.
WANTED = 'state=~"running|irq|steal|waiting|throttled"'


def is_(label, value):
    return f'{label}="{value}"'


def like(label, pattern):
    return f'{label}=~"{pattern}"'


def unlike(label, pattern):
    return f'{label}!~"{pattern}"'


def select(metric, *matchers):
    """A selector, of the matchers that are not empty."""
    return metric + "{" + ",".join(each for each in matchers if each) + "}"


def rate(metric, *matchers, window=WINDOW):
    return f"rate({select(metric, *matchers)}[{window}])"


def total(expression, *labels):
    """The sum, by labels if there are any."""
    return f"sum by ({', '.join(labels)}) ({expression})" if labels else f"sum({expression})"


def quantile(q, metric, *matchers, by=(), window=WINDOW):
    """Of a histogram: native where Prometheus has it so, else from its classic buckets."""
    native = total(rate(metric, *matchers, window=window), *by)
    classic = total(rate(metric + "_bucket", *matchers, window=window), "le", *by)
    return f"histogram_quantile({q}, {native}) or histogram_quantile({q}, {classic})"


def histogram_sum(metric, *matchers, by=(), window=WINDOW):
    """What a histogram's values add up to in a second, native or classic."""
    native = f"histogram_sum({total(rate(metric, *matchers, window=window), *by)})"
    return f"({native} or {total(rate(metric + '_sum', *matchers, window=window), *by)})"


def histogram_count(metric, *matchers, by=(), window=WINDOW):
    """How many values a histogram takes in a second, native or classic."""
    native = f"histogram_count({total(rate(metric, *matchers, window=window), *by)})"
    return f"({native} or {total(rate(metric + '_count', *matchers, window=window), *by)})"


def above(threshold, metric, *matchers, by=(), window=WINDOW):
    """Share of a histogram's values above a threshold that is one of its bounds (a power of two, s)."""
    native = total(rate(metric, *matchers, window=window), *by)
    classic = total(rate(metric + "_bucket", *matchers, f'le="{threshold}"', window=window), *by)
    count = total(rate(metric + "_count", *matchers, window=window), *by)
    return f"(1 - histogram_fraction(0, {threshold}, {native})) or (1 - {classic} / ({count} > 0))"


def heat(metric, *matchers):
    """Two queries for a heat map: native cells, and classic buckets where there are no native ones."""
    native = total(rate(metric, *matchers))
    return native, f"{total(rate(metric + '_bucket', *matchers), 'le')} unless on () {native}"


def counted(metric, *matchers, window="$__interval"):
    """By how much counters that begin at 0 grew in the window: whole numbers, and 0 where nothing was counted. An agent that starts anew begins at 0."""
    now = select(metric, *matchers)
    return f"clamp_min({now} - {now} offset {window}, 0)"


def happened(metric, *matchers, window="$__interval"):
    """
    How often something was counted in the window, the first time included: a series that begins with what it counts has no increase().
    What a target had counted before it was first scraped is left out; but not of the whole time shown, in which most agents were started.
    """
    now = select(metric, *matchers)
    before = f"{now} offset {window}"
    known = "" if window == "$__range" else f" and on (job, instance) {select('observe_build_info')} offset {window}"
    return f"(({now} - {before}) > 0 or ({now} unless {before}){known})"
