"""Results, and what was measured on the way, as scripts/sum-results reads them."""
LINES = []


def note(name, text):
    LINES.append(f"note image.{name} {text}")
    print(f"note {name}: {text}", flush=True)
