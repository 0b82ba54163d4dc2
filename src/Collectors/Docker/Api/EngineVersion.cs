using System.Globalization;

namespace Observe.Collectors.Docker.Api;

/// <summary>A version of the Engine API: <c>1.41</c>.</summary>
/// <param name="Major">1, ever since.</param>
/// <param name="Minor">Grows with the engine.</param>
internal readonly record struct EngineVersion(int Major, int Minor) : IComparable<EngineVersion>
{
    /// <summary>The newest that this was written for; newer engines speak it too.</summary>
    public static EngineVersion Newest { get; } = new(1, 47);

    /// <summary>The first that answers without taking a second sample, which takes it a second or two.</summary>
    public static EngineVersion OneShot { get; } = new(1, 41);

    /// <summary>The first with everything that is asked for.</summary>
    public static EngineVersion Oldest { get; } = new(1, 25);

    /// <summary>Reads a version.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version, if it is one.</param>
    public static bool TryParse(string? text, out EngineVersion version)
    {
        var parts = (text ?? "").Split('.');
        var known = parts.Length == 2 & int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            & int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor);
        version = new EngineVersion(major, minor);
        return known;
    }

    /// <inheritdoc/>
    public int CompareTo(EngineVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
