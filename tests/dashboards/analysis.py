"""
What an expression asks for and gives: its metrics, the labels and the unit of its result. Works on the tree that Prometheus itself makes of
the expression (api/v1/parse_query), so there is no second parser to be wrong.
"""
from dataclasses import dataclass, replace

from catalog import TARGET

PER_SECOND = {"rate", "irate", "deriv"}
KEEP = {"abs", "avg_over_time", "max_over_time", "min_over_time", "last_over_time", "delta", "idelta", "sum_over_time", "sort", "sort_desc", "ceil", "floor", "round", "clamp_min", "clamp_max", "increase",
        "histogram_sum"}
COUNT = {"changes", "resets", "count_over_time", "present_over_time", "absent", "absent_over_time", "vector"}
UNITS = {"seconds": {"s": 1}, "bytes": {"B": 1}, "%": {"%": 1}, "Hz": {"Hz": 1}, "MHz": {"MHz": 1}, "ns": {"ns": 1}, "ms": {"ms": 1}, "MiBy": {"MiB": 1}, "KiBy": {"KiB": 1},
         "KiBy/s": {"KiB": 1, "s": -1}, "By/s": {"B": 1, "s": -1}, "per second": {"s": -1}}
NUMBER = None  # a literal takes the unit of what it meets


class Wrong(Exception):
    """The expression asks for what there is not."""


@dataclass(frozen=True)
class Shape:
    """
    `unit` is a sorted tuple of (base, power), or NUMBER. `histogram`: it has buckets still, the unit is that of what is counted; `a_second`: they are rates.
    """
    labels: frozenset
    unit: object
    histogram: bool = False
    a_second: bool = False


def unit_of(text):
    return tuple(sorted(UNITS.get(text, {}).items()))


def _times(left, right, sign):
    if left is NUMBER or right is NUMBER:
        if left is NUMBER and right is not NUMBER and sign < 0:
            return tuple((base, -power) for base, power in right)
        return right if left is NUMBER else left
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    # 1e6 MHz and the like are not seen through: a quotient of the two is taken for a share.
    result = tuple(sorted((base, power) for base, power in powers.items() if power))
    return () if result in ((("Hz", 1), ("MHz", -1)),) else result


class Analysis:
    def __init__(self, metrics):
        self.metrics = metrics
        self.used = set()

    def shape(self, node):
        """Of a node of the tree; raises Wrong."""
        return getattr(self, "_" + node["type"])(node)

    def _numberLiteral(self, node):
        return Shape(frozenset(), NUMBER)

    def _stringLiteral(self, node):
        return Shape(frozenset(), NUMBER)

    def _parenExpr(self, node):
        return self.shape(node["expr"])

    def _unaryExpr(self, node):
        return self.shape(node["expr"])

    def _subquery(self, node):
        return self.shape(node["expr"])

    def _matrixSelector(self, node):
        return self._vectorSelector(node)

    def _vectorSelector(self, node):
        name = node["name"]
        if name not in self.metrics:
            raise Wrong(f"there is no metric {name}")
        metric = self.metrics[name]
        self.used.add(name)
        matchers = {each["name"] for each in node["matchers"]} - {"__name__"}
        if matchers - metric.labels:
            raise Wrong(f"{name} has no label {', '.join(sorted(matchers - metric.labels))}")
        one_bucket = metric.suffix == "_bucket" and "le" in matchers
        histogram = metric.kind == "histogram" and metric.suffix in ("", "_bucket") and not one_bucket
        return Shape(metric.labels, () if one_bucket or metric.suffix == "_count" else unit_of(metric.unit), histogram)

    def _call(self, node):
        name, shapes = node["func"]["name"], [self.shape(each) for each in node["args"]]
        if name == "histogram_quantile":
            return Shape(self._histogram(name, shapes[1]).labels - {"le"}, shapes[1].unit)
        if name == "histogram_fraction":
            return Shape(self._histogram(name, shapes[2]).labels, ())
        if name == "histogram_count":
            return Shape(self._histogram(name, shapes[0]).labels, (("s", -1),) if shapes[0].a_second else ())
        if name == "histogram_sum":
            return Shape(self._histogram(name, shapes[0]).labels, _times(shapes[0].unit, (("s", 1),), -1) if shapes[0].a_second else shapes[0].unit)
        if name == "time":
            return Shape(frozenset(), (("s", 1),))
        if name == "label_replace":
            return Shape(shapes[0].labels | {node["args"][1]["val"]}, shapes[0].unit)
        if name == "quantile_over_time":
            return shapes[1]
        if name in PER_SECOND:
            return replace(shapes[0], a_second=True) if shapes[0].histogram else Shape(shapes[0].labels, _times(shapes[0].unit, (("s", 1),), -1))
        if name in COUNT:
            return Shape(shapes[0].labels if shapes else frozenset(), ())
        if name in KEEP:
            return shapes[0]
        raise Wrong(f"the unit of {name}() is not known: teach it to tests/dashboards/analysis.py")

    @staticmethod
    def _histogram(name, shape):
        if not shape.histogram:
            raise Wrong(f"{name}() of what is no histogram")
        return shape

    def _aggregation(self, node):
        inner, by = self.shape(node["expr"]), frozenset(node["grouping"])
        if by - inner.labels:
            raise Wrong(f"{node['op']} by {', '.join(sorted(by - inner.labels))}: there is no such label in what is summed")
        if inner.histogram and node["op"] != "sum":
            raise Wrong(f"{node['op']} of a histogram's buckets")
        if node["op"] in ("topk", "bottomk"):
            return inner
        unit = () if node["op"] in ("count", "group") else inner.unit
        # Summed without le, classic buckets are worth nothing; native histograms have no such label.
        if inner.histogram and "le" in inner.labels and "le" not in by:
            raise Wrong("a sum of buckets without le")
        return Shape(inner.labels - by if node["without"] else by, unit, inner.histogram, inner.a_second)

    def _binaryExpr(self, node):
        left, right, op = self.shape(node["lhs"]), self.shape(node["rhs"]), node["op"]
        labels = self._matched(node["matching"], left, right, op)
        if op in ("and", "unless"):
            return left
        if op == "or":
            if left.unit is not NUMBER and right.unit is not NUMBER and left.unit != right.unit:
                raise Wrong(f"'or' of different units: {left.unit} and {right.unit}")
            return Shape(left.labels | right.labels, left.unit if right.unit is NUMBER else right.unit, left.histogram or right.histogram, left.a_second)
        if op in ("*", "/"):
            return Shape(labels, _times(left.unit, right.unit, 1 if op == "*" else -1), left.histogram)
        if left.unit is not NUMBER and right.unit is not NUMBER and left.unit != right.unit:
            raise Wrong(f"'{op}' of different units: {left.unit} and {right.unit}")
        if op in ("==", "!=", ">", "<", ">=", "<="):
            return Shape(labels if node["bool"] else left.labels or labels, () if node["bool"] else left.unit, left.histogram)
        return Shape(labels, right.unit if left.unit is NUMBER else left.unit, left.histogram)

    @staticmethod
    def _matched(matching, left, right, op):
        if not matching:
            return left.labels | right.labels
        for name in matching["labels"] if matching["on"] else ():
            for side, shape in (("left", left), ("right", right)):
                if name not in shape.labels and name not in TARGET and op not in ("and", "or", "unless"):
                    raise Wrong(f"on ({name}): the {side} side of '{op}' has no such label")
        many, one = (right, left) if matching["card"] == "one-to-many" else (left, right)
        missing = set(matching["include"]) - one.labels
        if missing:
            raise Wrong(f"group ({', '.join(sorted(missing))}): the side of one has no such label")
        if matching["card"] == "one-to-one":
            return frozenset(matching["labels"]) if matching["on"] else left.labels & right.labels or left.labels
        return many.labels | frozenset(matching["include"])


# What Grafana's units may show.
SHOWN = {
    "s": {(("s", 1),)}, "bytes": {(("B", 1),)}, "Bps": {(("B", 1), ("s", -1))}, "percent": {(("%", 1),)}, "hertz": {(("Hz", 1),)},
    "ops": {(("s", -1),)}, "percentunit": {()}, "none": {()},
    "short": {(), (("MHz", -1),)},  # a number for each GHz
}


def is_shown_by(shape, unit):
    """Whether a panel's unit is right for what its query gives."""
    return shape.unit is NUMBER or shape.unit in SHOWN[unit]
