using Microsoft.Extensions.Logging;
using Observe.Bpf.Host;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// Where the checkpoint of one vCenter is kept. At every moment the old one or the new one is there, whole: it is written beside, flushed,
/// and renamed. What cannot be read is set aside and not asked again.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="vcenter">Whose, for the log.</param>
/// <param name="logger">Where it is said.</param>
internal sealed partial class CheckpointFile(string path, string vcenter, ILogger logger)
{
    /// <summary>Largest file that is read: what remembers as many events as are remembered at all is smaller.</summary>
    private const long LargestFile = 16 << 20;

    private bool failureShown;

    /// <summary>Why the last writing failed; null if it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Where a vCenter's file is.</summary>
    /// <param name="stateDirectory">The agent's.</param>
    /// <param name="vcenter">The vCenter's name, of any characters.</param>
    public static string PathOf(string stateDirectory, string vcenter) => Path.Combine(stateDirectory, "vcenter", $"{SafeName.Of(vcenter)}.json");

    /// <summary>Reads it.</summary>
    /// <returns>Null if there is none, or none that can be used.</returns>
    public EventCheckpoint? Read()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return null;
            if (file.Length > LargestFile)
                throw new InvalidDataException($"it has {file.Length} bytes, and no checkpoint has more than {LargestFile}");
            return CheckpointFormat.Read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException error)
        {
            SetAside(error.Message);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(logger, path, vcenter, error.Message);
            return null;
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="checkpoint">The new one.</param>
    /// <returns>Whether it is on the disk.</returns>
    public bool TryWrite(EventCheckpoint checkpoint)
    {
        var beside = path + ".new";
        try
        {
            var directory = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(directory);
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(CheckpointFormat.Write(checkpoint));
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
            DirectoryEntries.Flush(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Failed(error.Message, beside);
            return false;
        }
        if (failureShown)
            Log.WrittenAgain(logger, path, vcenter);
        failureShown = false;
        Failure = null;
        return true;
    }

    private void Failed(string reason, string beside)
    {
        Failure = $"cannot write {path}: {reason}";
        if (!failureShown)
            Log.NotWritten(logger, path, vcenter, reason);
        failureShown = true;
        try
        {
            // On a full disk half a file takes what others need.
            File.Delete(beside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is written over the next time.
        }
    }

    private void SetAside(string reason)
    {
        var aside = path + ".unusable";
        try
        {
            File.Move(path, aside, overwrite: true);
            Log.SetAside(logger, path, vcenter, reason, aside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(logger, path, vcenter, $"{reason}; and it cannot be renamed: {error.Message}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(85, LogLevel.Error, "the checkpoint {Path} of the events of vCenter {VCenter} cannot be used: {Reason}; it is now {Aside}, and events are read as at the first start: those before may be missing, those within the look-back may come again", EventName = "VCenterCheckpointSetAside")]
        public static partial void SetAside(ILogger logger, string path, string vcenter, string reason, string aside);

        [LoggerMessage(86, LogLevel.Error, "cannot read the checkpoint {Path} of the events of vCenter {VCenter}: {Reason}; events are read as at the first start. Make the file and its directory readable and writable for the agent", EventName = "VCenterCheckpointUnreadable")]
        public static partial void Unreadable(ILogger logger, string path, string vcenter, string reason);

        [LoggerMessage(87, LogLevel.Error, "cannot write the checkpoint {Path} of the events of vCenter {VCenter}: {Reason}; events are delivered all the same, but after a restart those since the last checkpoint come again. Make the directory writable for the agent, with room on its disk", EventName = "VCenterCheckpointNotWritten")]
        public static partial void NotWritten(ILogger logger, string path, string vcenter, string reason);

        [LoggerMessage(88, LogLevel.Information, "the checkpoint {Path} of the events of vCenter {VCenter} is written again", EventName = "VCenterCheckpointWritten")]
        public static partial void WrittenAgain(ILogger logger, string path, string vcenter);
    }
}
