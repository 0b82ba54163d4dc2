using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Observe.Collectors.VCenter.Events;

/// <summary>
/// A checkpoint as text: one line of JSON for people and programs, then the SHA-256 of that line. Whatever was cut, written over
/// or is of somebody else is told from it.
/// </summary>
internal static class CheckpointFormat
{
    /// <summary>Raised when a file means something else than before: what is older or newer is not read.</summary>
    private const int Version = 1;

    private const string Kind = "observe vcenter events";
    private const string Sum = "sha256 ";

    /// <summary>Writes one.</summary>
    /// <param name="checkpoint">It.</param>
    public static byte[] Write(EventCheckpoint checkpoint)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, checkpoint);
        var line = buffer.WrittenSpan;
        return [.. line, .. Encoding.ASCII.GetBytes($"\n{Sum}{Convert.ToHexStringLower(SHA256.HashData(line))}\n")];
    }

    /// <summary>Reads one.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">It is none, not whole, or of another version; the message says which.</exception>
    public static EventCheckpoint Read(ReadOnlySpan<byte> file)
    {
        var end = file.IndexOf((byte)'\n');
        if (end < 0)
            throw new InvalidDataException("it is cut off or no checkpoint");
        var line = file[..end];
        if (!file[end..].SequenceEqual(Encoding.ASCII.GetBytes($"\n{Sum}{Convert.ToHexStringLower(SHA256.HashData(line))}\n")))
            throw new InvalidDataException("its checksum is wrong: it was cut off, changed, or is no checkpoint");
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            return Read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"it is no checkpoint of events: {error.Message}", error);
        }
    }

    private static void Write(Utf8JsonWriter json, EventCheckpoint checkpoint)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, Kind);
        json.WriteNumber("version"u8, Version);
        json.WriteString("instanceUuid"u8, checkpoint.InstanceUuid);
        json.WriteNumber("resets"u8, checkpoint.Resets);
        WriteTime(json, "begin", checkpoint.Begin);
        if (checkpoint.LastKey is { } last)
            json.WriteNumber("lastKey"u8, last);
        WriteTime(json, "lastTime", checkpoint.LastTicks);
        WriteTime(json, "readAt", checkpoint.ReadAt);
        json.WriteNumber("doneKey"u8, checkpoint.DoneKey);
        WriteTime(json, "doneTime", Math.Max(0, checkpoint.DoneTicks));
        json.WriteBase64String("delivered"u8, EventIdList.Pack(checkpoint.Delivered));
        WriteTime(json, "tasksReadUpTo", checkpoint.TasksReadUpTo);
        json.WriteStartArray("tasks"u8);
        foreach (var task in checkpoint.Tasks)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, task.Key);
            WriteTime(json, "queued", task.Queued);
            json.WriteBoolean("began"u8, task.Began);
            json.WriteBoolean("ended"u8, task.Ended);
            WriteTime(json, "time", task.Ticks);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static EventCheckpoint Read(JsonElement json)
    {
        if (json.GetProperty("kind").GetString() != Kind)
            throw new InvalidDataException($"it is of another kind: {json.GetProperty("kind")}");
        var version = json.GetProperty("version").GetInt32();
        if (version != Version)
            throw new InvalidDataException($"it is of version {version}, and this is version {Version}");
        return new EventCheckpoint(
            json.GetProperty("instanceUuid").GetString()!, json.GetProperty("resets").GetInt64(), Time(json, "begin"),
            json.TryGetProperty("lastKey", out var last) ? last.GetInt32() : null, Time(json, "lastTime"), OptionalTime(json, "readAt"),
            json.GetProperty("doneKey").GetInt32(), Time(json, "doneTime"), EventIdList.Unpack(json.GetProperty("delivered").GetBytesFromBase64()),
            OptionalTime(json, "tasksReadUpTo"),
            [
                .. json.GetProperty("tasks").EnumerateArray().Select(task => new TaskMark(
                    task.GetProperty("key").GetString()!, Time(task, "queued"), task.GetProperty("began").GetBoolean(), task.GetProperty("ended").GetBoolean(), Time(task, "time"))),
            ]);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long? ticks)
    {
        if (ticks is { } known)
            json.WriteString(name, Vim.VimTime.Format(new DateTimeOffset(known, TimeSpan.Zero)));
    }

    private static long Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset().UtcTicks;

    private static long? OptionalTime(JsonElement json, string name) => json.TryGetProperty(name, out var time) ? time.GetDateTimeOffset().UtcTicks : null;
}
