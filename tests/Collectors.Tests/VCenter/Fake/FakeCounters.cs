namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>The counters that a vCenter has: group, name, roll-up, unit, kind, level.</summary>
internal static class FakeCounters
{
    private const string All = """
        cpu usage average percent rate 1
        cpu usagemhz average megaHertz rate 1
        cpu reservedCapacity average megaHertz absolute 2
        cpu ready summation millisecond delta 1
        cpu costop summation millisecond delta 2
        cpu latency average percent rate 2
        cpu maxlimited summation millisecond delta 2
        cpu demand average megaHertz absolute 2
        cpu run summation millisecond delta 2
        cpu idle summation millisecond delta 2
        cpu wait summation millisecond delta 3
        cpu swapwait summation millisecond delta 3
        cpu overlap summation millisecond delta 3
        cpu system summation millisecond delta 3
        cpu used summation millisecond delta 3
        cpu entitlement latest megaHertz absolute 2
        cpu readiness average percent rate 4
        cpu utilization average percent rate 4
        cpu coreUtilization average percent rate 2
        cpu totalCapacity average megaHertz absolute 2
        mem usage average percent absolute 1
        mem vmmemctl average kiloBytes absolute 1
        mem vmmemctltarget average kiloBytes absolute 2
        mem swapped average kiloBytes absolute 2
        mem swapin average kiloBytes absolute 2
        mem swapout average kiloBytes absolute 2
        mem swapinRate average kiloBytesPerSecond rate 1
        mem swapoutRate average kiloBytesPerSecond rate 1
        mem swapused average kiloBytes absolute 2
        mem compressed average kiloBytes absolute 2
        mem compressionRate average kiloBytesPerSecond rate 2
        mem decompressionRate average kiloBytesPerSecond rate 2
        mem active average kiloBytes absolute 2
        mem activewrite average kiloBytes absolute 2
        mem consumed average kiloBytes absolute 1
        mem granted average kiloBytes absolute 2
        mem shared average kiloBytes absolute 2
        mem overhead average kiloBytes absolute 1
        mem latency average percent absolute 2
        mem llSwapUsed average kiloBytes absolute 4
        mem llSwapInRate average kiloBytesPerSecond rate 2
        mem llSwapOutRate average kiloBytesPerSecond rate 2
        mem zero average kiloBytes absolute 2
        mem state latest number absolute 2
        mem totalCapacity average megaBytes absolute 2
        mem reservedCapacity average megaBytes absolute 2
        disk usage average kiloBytesPerSecond rate 1
        disk read average kiloBytesPerSecond rate 2
        disk write average kiloBytesPerSecond rate 2
        disk maxTotalLatency latest millisecond absolute 1
        disk totalLatency average millisecond absolute 3
        disk totalReadLatency average millisecond absolute 2
        disk totalWriteLatency average millisecond absolute 2
        disk deviceLatency average millisecond absolute 1
        disk kernelLatency average millisecond absolute 1
        disk queueLatency average millisecond absolute 2
        disk numberReadAveraged average number rate 1
        disk numberWriteAveraged average number rate 1
        disk commandsAborted summation number delta 2
        disk busResets summation number delta 2
        virtualDisk read average kiloBytesPerSecond rate 2
        virtualDisk write average kiloBytesPerSecond rate 2
        virtualDisk totalReadLatency average millisecond absolute 1
        virtualDisk totalWriteLatency average millisecond absolute 1
        virtualDisk numberReadAveraged average number rate 1
        virtualDisk numberWriteAveraged average number rate 1
        datastore read average kiloBytesPerSecond rate 2
        datastore write average kiloBytesPerSecond rate 2
        datastore totalReadLatency average millisecond absolute 1
        datastore totalWriteLatency average millisecond absolute 1
        datastore numberReadAveraged average number rate 1
        datastore numberWriteAveraged average number rate 1
        datastore maxTotalLatency latest millisecond absolute 3
        net usage average kiloBytesPerSecond rate 1
        net received average kiloBytesPerSecond rate 2
        net transmitted average kiloBytesPerSecond rate 2
        net bytesRx average kiloBytesPerSecond rate 2
        net bytesTx average kiloBytesPerSecond rate 2
        net packetsRx summation number delta 2
        net packetsTx summation number delta 2
        net droppedRx summation number delta 2
        net droppedTx summation number delta 2
        net errorsRx summation number delta 2
        net errorsTx summation number delta 2
        net broadcastRx summation number delta 2
        net broadcastTx summation number delta 2
        net multicastRx summation number delta 2
        net multicastTx summation number delta 2
        power power average watt rate 2
        power energy summation joule delta 2
        sys uptime latest second absolute 1
        sys heartbeat latest number absolute 4
        rescpu actav1 latest percent absolute 3
        rescpu runav1 latest percent absolute 3
        rescpu maxLimited1 latest percent absolute 3
        clusterServices effectivecpu average megaHertz rate 1
        clusterServices effectivemem average megaBytes absolute 1
        vmop numVMotion latest number absolute 1
        """;

    /// <summary>Numbered at random, by a seed.</summary>
    public static IReadOnlyList<FakeCounter> Create(int seed)
    {
        var lines = All.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var ids = Enumerable.Range(1, lines.Length * 4).ToArray();
        new Random(seed).Shuffle(ids);
        return [.. lines.Select((line, i) => line.Split(' ') is [var group, var name, var rollup, var unit, var kind, var level]
            ? new FakeCounter(ids[i], group, name, rollup, unit, kind, level[0] - '0')
            : throw new FormatException(line))];
    }
}
