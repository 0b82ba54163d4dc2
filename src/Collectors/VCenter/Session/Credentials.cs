namespace Observe.Collectors.VCenter.Session;

/// <summary>Who logs in. Compared to find out whether they have changed; never printed.</summary>
/// <param name="user">Name.</param>
/// <param name="password">Password.</param>
internal sealed class Credentials(string user, string password) : IEquatable<Credentials>
{
    /// <summary>Name.</summary>
    public string User { get; } = user;

    /// <summary>Password.</summary>
    public string Password { get; } = password;

    /// <inheritdoc/>
    public bool Equals(Credentials? other) => other is not null && User == other.User && Password == other.Password;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Credentials);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(User, Password);

    /// <summary>Without the password.</summary>
    public override string ToString() => User;
}
