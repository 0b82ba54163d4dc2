using System.Text;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.VCenter.Events;

namespace Observe.Collectors.Tests.VCenter.Events;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("observe-checkpoint-").FullName;
    private readonly RecordingLogger<CheckpointFile> log = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var written = Checkpoint(1000);
        File().TryWrite(written).ShouldBeTrue();
        var read = File().Read()!;
        read.Delivered.ShouldBe(written.Delivered);
        read.Tasks.ShouldBe(written.Tasks);
        (read with { Delivered = [], Tasks = [] }).ToString().ShouldBe((written with { Delivered = [], Tasks = [] }).ToString());
        System.IO.File.Exists(Path + ".new").ShouldBeFalse();
        log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Read_NoFile_IsNoErrorAndNothing()
    {
        File().Read().ShouldBeNull();
        log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Read_FileCutAtEveryByte_IsSetAsideAndNeverRead()
    {
        File().TryWrite(Checkpoint(20)).ShouldBeTrue();
        var whole = System.IO.File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(Path, whole[..length]);
            File().Read().ShouldBeNull($"cut after {length} bytes");
            System.IO.File.Exists(Path).ShouldBeFalse();
            System.IO.File.ReadAllBytes(Path + ".unusable").ShouldBe(whole[..length]);
        }
        log.Lines.Count.ShouldBe(whole.Length);
        Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Length.ShouldBe(1);
    }

    [Fact]
    public void Read_FileWithAnyBitChanged_IsSetAside()
    {
        File().TryWrite(Checkpoint(5)).ShouldBeTrue();
        var whole = System.IO.File.ReadAllBytes(Path);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = whole.ToArray();
            changed[i] ^= (byte)(1 << (i % 8));
            System.IO.File.WriteAllBytes(Path, changed);
            File().Read().ShouldBeNull($"changed at {i}");
        }
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":0", "version 0")]
    [InlineData("\"version\":1", "\"version\":2", "version 2")]
    [InlineData("observe vcenter events", "something else", "another kind")]
    [InlineData("\"resets\":3", "\"resets\":\"x\"", "no checkpoint of events")]
    [InlineData("\"delivered\":\"", "\"delivered\":\"gICA", "no checkpoint of events")]
    [InlineData("\"instanceUuid\"", "\"nobody\"", "no checkpoint of events")]
    public void Read_FileOfAnotherVersionOrKind_IsSetAsideWithTheReason(string from, string to, string reason)
    {
        var line = Encoding.UTF8.GetString(CheckpointFormat.Write(Checkpoint(0))).Split('\n')[0].Replace(from, to, StringComparison.Ordinal);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(line)));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        System.IO.File.WriteAllText(Path, $"{line}\nsha256 {sum}\n");
        File().Read().ShouldBeNull();
        log.Lines.ShouldHaveSingleItem().ShouldContain(reason);
    }

    [Fact]
    public void Read_Garbage_IsSetAside()
    {
        var random = new Random(3);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        for (var i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(4000)];
            random.NextBytes(garbage);
            System.IO.File.WriteAllBytes(Path, garbage);
            File().Read().ShouldBeNull();
        }
    }

    [Fact]
    public void TryWrite_DirectoryThatCannotBeMade_SaysSoOnceAndAgainWhenItCan()
    {
        var blocked = System.IO.Path.Combine(directory, "vcenter");
        System.IO.File.WriteAllText(blocked, "a file where the directory should be");
        var file = File();
        for (var i = 0; i < 3; i++)
            file.TryWrite(Checkpoint(1)).ShouldBeFalse();
        file.Failure.ShouldNotBeNull().ShouldContain(Path);
        log.Lines.ShouldHaveSingleItem().ShouldContain("cannot write the checkpoint");
        System.IO.File.Delete(blocked);
        file.TryWrite(Checkpoint(1)).ShouldBeTrue();
        file.Failure.ShouldBeNull();
        log.Lines.Last().ShouldContain("is written again");
    }

    /// <summary>A file system of 64 KiB, of which the checkpoint fills more than is left.</summary>
    [Fact]
    public void TryWrite_FullDisk_LeavesTheOldOneWholeAndTakesNoRoom()
    {
        if (!SmallDisk.TryMount(directory))
            Assert.Skip("mounting takes root in a mount namespace of one's own");
        try
        {
            var file = File();
            file.TryWrite(Checkpoint(100)).ShouldBeTrue();
            file.TryWrite(Checkpoint(50_000)).ShouldBeFalse();
            file.Failure.ShouldNotBeNull().ShouldContain("space");
            File().Read()!.Delivered.Count.ShouldBe(100);
            System.IO.File.Exists(Path + ".new").ShouldBeFalse();
            file.TryWrite(Checkpoint(200)).ShouldBeTrue();
        }
        finally
        {
            SmallDisk.Unmount(directory);
        }
    }

    [Theory]
    [InlineData("vc1.example.com", "vc1.example.com.json")]
    [InlineData("../../etc/passwd", "%2e.%2f..%2fetc%2fpasswd.json")]
    [InlineData("", "%cbf29ce48422.json")]
    [InlineData("a b/ü", "a%20b%2f%c3%bc.json")]
    public void PathOf_AnyName_IsAFileInTheDirectory(string name, string file)
    {
        var path = CheckpointFile.PathOf("/state", name);
        System.IO.Path.GetFullPath(path).ShouldBe(path);
        System.IO.Path.GetDirectoryName(path).ShouldBe("/state/vcenter");
        if (name.Length > 0)
            System.IO.Path.GetFileName(path).ShouldBe(file);
        CheckpointFile.PathOf("/state", new string('x', 5000)).Length.ShouldBeLessThan(200);
        CheckpointFile.PathOf("/state", new string('x', 5000)).ShouldNotBe(CheckpointFile.PathOf("/state", new string('x', 5001)));
    }

    private string Path => CheckpointFile.PathOf(directory, "main");

    private CheckpointFile File() => new(Path, "main", log);

    private static EventCheckpoint Checkpoint(int delivered)
    {
        var random = new Random(delivered);
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;
        return new EventCheckpoint(
            "d5a1c0de", 3, at, 77, at + 5, at + 9, 12, at - 1, [.. Enumerable.Range(1, delivered).Select(i => new EventId((i * 3) - 50, at + random.NextInt64(600_000_000)))],
            at + 3, [new TaskMark("task-1", at, true, false, at), new TaskMark("task-\"2", at + 1, true, true, at + 2)]);
    }
}
