namespace Observe.Collectors;

/// <summary>Files that systemd hands to the service: <c>LoadCredential=NAME:FILE</c> in its unit.</summary>
public static class SystemdCredential
{
    /// <summary>The variable in which systemd says where they are.</summary>
    public const string DirectoryVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>Where a file is.</summary>
    /// <param name="file">An absolute path, or a credential's name.</param>
    /// <param name="directory">Where credentials are; null or empty if systemd has handed out none.</param>
    /// <returns>The path; null for a credential where there are none.</returns>
    public static string? PathOf(string file, string? directory)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.StartsWith('/') ? file : directory is { Length: > 0 } ? Path.Combine(directory, file) : null;
    }
}
