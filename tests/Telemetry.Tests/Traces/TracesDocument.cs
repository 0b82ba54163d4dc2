using System.Text;
using Observe.Telemetry.Traces;

namespace Observe.Telemetry.Tests.Traces;

/// <summary>Writes docs/traces.md from the catalog.</summary>
internal static class TracesDocument
{
    private const string Introduction = """
        # Traces: what happened, and what it happened in

        <!-- Generated from src/Telemetry/Traces/SpanCatalog.cs by 'make golden'; a test compares. -->

        Metrics say how much; spans say what. What the agent's timeline (`time.md`) tells of becomes spans where it has a beginning and an end: lives of
        containers, operations of vCenters, stalls of threads, blackouts of this machine. They are pushed by OTLP to whoever takes traces, if there is an endpoint
        (`configuration.md`); the newest are shown on the agent's own page in any case (`live-page.md`).

        ## How they hang together

        - **A vCenter's operation** is one trace: the events and tasks of one chain are one span, with a migration's phases beneath it.
        - **What happened on this host meanwhile** hangs beneath it, if this host is the virtual machine (`identity.md`) or runs on the ESXi host that the operation is about: stalls, lives of containers. But only
          if it was *certainly* inside: if, wherever within their bounds the moments were, it began after the operation did and ended before it. Else the two are *linked* (`overlaps`),
          and no order is claimed. With a vCenter whose clock is known to 3 s, what lies within 3 s of either end is linked.
        - **A life of a container** is a trace, with its creation and its bad health beneath it. Lives that follow each other by themselves are one trace, beneath one span around them.
        - **A stall** is a trace of its own if it hangs beneath nothing.
        - **A blackout** of this machine too (`migrations.md`). After its migration there is its recovery, in the same trace: beneath it if it was certainly over before, else linked to it (`of`).

        A parent has everything in it that hangs beneath it: it is from the first to the last of all moments that it is made of. Begin and end are the middles of what is known of them.

        Something is exported once it is over and 12 s have passed, in which late events may still amend it (without a vCenter at once: nothing is late then). Stalls
        and lives wait as long, and up to 2 min longer for the end of an operation that they may be in. What is learnt after an operation was exported is another span beside it, `observe.correction`, linked to it (`corrects`).
        A container that runs for 10 min has its creation and its health exported then; its life stands in its own trace from there on. A life that goes on when the agent stops is
        not exported, nor is an operation: the next agent is told of its end, and since when its task ran.

        ## Ids

        An id follows from what the span is about: two agents that follow the same vCenter give an operation the same ids, and what is exported twice is the same span. It is the
        beginning of SHA-256(`observe` NUL what NUL part NUL part ...), in UTF-8: 16 bytes for a trace, 8 for a span; if all are zero, the last is 1.

        | Of | what | Parts |
        |---|---|---|
        | an operation, trace and span | `vcenter.operation` | the vCenter's instance UUID (of an ESXi host its name in the configuration), chain id (without one: the task's) |
        | its phase | `vcenter.operation.phase` | the same, the phase |
        | its correction | `vcenter.operation.correction` | the same, 1 for the first |
        | lives of a container, trace | `container` | `host.id`, full container id, its first start in ns since the Unix epoch |
        | their spans | `container` | the same, `life`, `create`, `restart_loop` or `health` with the life's number, the number of it |
        | a stall, trace and span | `stall` | `host.id`, the kernel's boot id, the event's key as 32 hexadecimal digits |
        | a blackout, trace and span | `guest.blackout` | `host.id`, the kernel's boot id, the event's key as a decimal number; of a `stepped` one the migration's parts, `/` between them |
        | a recovery | `guest.recovery` | as the operation |

        ## Verdicts

        `observe.stall.verdict` names why a thread was kept from running. The first rule that fits decides; `observe.stall.evidence` says what was seen.

        | Stall | If | Verdict |
        |---|---|---|
        | `stall.throttle` | | `quota` |
        | `stall.blocked` | | `io` |
        | `stall.exit` | its reason is a device's, port or memory-mapped I/O: `io_instruction`, `ept_misconfig` (VMX), `io`, `npf` (SVM), `dabt_low` (Arm) | `io` |
        | `stall.exit` | else | `hypervisor` |
        | `stall.stopped` | it lies certainly in a migration of this virtual machine | `migration` |
        | `stall.stopped` | else: who stopped it is not known | `unknown` |
        | `stall.wait` | this virtual machine stood still for more than half of it (`guest.blackout`) | `migration` if it lies certainly in one of it, else `hypervisor` |
        | `stall.wait` | it lies certainly in a migration of this virtual machine, and the hypervisor had the largest part of it | `migration` |
        | `stall.wait` | threads of the same workload, pod or VM had more than half | `self` |
        | `stall.wait` | other workloads and kernel threads had | `neighbour` |
        | `stall.wait` | interrupts had | `irq` |
        | `stall.wait` | the hypervisor had (steal) | `hypervisor` |
        | `stall.wait` | else | `unknown` |

        ## Export

        | What | |
        |---|---|
        | protocol | OTLP over HTTP with protobuf, or gRPC; up to 512 spans a request, one request at a time, a second after the first that waits |
        | Resource | the host's, the same for all spans; whose a span is stands in its attributes (`adr/0016-spans-through-the-sdk.md`) |
        | a receiver that is down, or asks to be left alone | retried with pauses of 1 s to 30 s, or as it asks; up to `traces.maxSpans` wait, then the oldest are let go of: `observe_lost_total{reason="trace_span_dropped"}` |
        | a receiver that refuses | the request is given up: `observe_trace_spans_total{outcome="dropped"}`, and `observe_trace_failures_total` why. Said once in the log; the next is sent after a pause as above |
        | compression | `otlp.compression`, as of metrics |
        | a stop | what is over is sent once, within 0.9 s |

        ## Attributes that every span has

        A span's begin and end are shown at the middle of what is known. These say what is known, in ns since the Unix epoch:

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        Write(text, SpanCatalog.Common);
        text.Append("\nLinks have:\n\n");
        Write(text, SpanCatalog.OfLinks);
        text.Append("\n## Spans\n\nAll are of kind `INTERNAL`. Attributes are there where they are known.\n");
        // Operations differ in nothing but their names.
        foreach (var span in SpanCatalog.All.Where(each => !SpanCatalog.Operations.Contains(each) || each == SpanCatalog.Operations[0]))
        {
            if (span == SpanCatalog.Operations[0])
            {
                text.Append("\n### Operations of vCenters\n\n| Name | |\n|---|---|\n");
                foreach (var operation in SpanCatalog.Operations)
                    text.Append($"| `{operation.Name}` | {operation.Help} |\n");
                text.Append('\n');
            }
            else
            {
                text.Append($"\n### `{span.Name}`\n\n{span.Help}.\n\n");
            }
            Write(text, span.Attributes);
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, IEnumerable<AttributeDescriptor> attributes)
    {
        text.Append("| Attribute | Type | |\n|---|---|---|\n");
        foreach (var attribute in attributes)
            text.Append($"| `{attribute.Name}` | {attribute.Type} | {attribute.Help} |\n");
    }
}
