"""
An agent's histograms as it offers them to a Prometheus that asks for protobuf: native ones only. Just enough of the format (io.prometheus.client.MetricFamily)
to be scraped; what a real agent writes is tested where it is written.
"""
import http.server
import struct
import threading
import time


def varint(value):
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


def field(number, value):
    """Of the type that the value has: integer, double, or bytes and text with their length."""
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def labels(pairs):
    return b"".join(field(1, field(1, name) + field(2, value)) for name, value in pairs.items())


def gauge(name, pairs, value):
    return family(name, 1, labels(pairs) + field(2, field(1, float(value))))


def histogram(name, pairs, counts, total):
    """`counts`: index of a bucket of schema 2, whose upper bound is 2^(index / 4), to how many values it has."""
    body = field(1, sum(counts.values())) + field(2, float(total)) + field(5, zigzag(2)) + field(6, 2.0 ** -128) + field(7, 0)
    before, last = None, 0
    for index in sorted(counts):
        body += field(12, field(1, zigzag(index if before is None else index - before - 1)) + field(2, 1))
        before = index
    for index in sorted(counts):
        body += field(13, zigzag(counts[index] - last))
        last = counts[index]
    return family(name, 4, labels(pairs) + field(7, body))


def family(name, kind, metric):
    data = field(1, name) + field(2, "made for a test") + field(3, kind) + field(4, metric)
    return varint(len(data)) + data


class Agent(http.server.ThreadingHTTPServer):
    """Offers what `page` makes of the seconds since it began."""

    def __init__(self, page):
        super().__init__(("127.0.0.1", 0), Handler)
        self.page, self.began = page, time.monotonic()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.page(time.monotonic() - self.server.began)
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""
