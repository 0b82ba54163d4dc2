namespace Observe.Collectors.VCenter.Session;

/// <summary>Where credentials come from: read anew for each login, so that changed files are used.</summary>
/// <param name="endpoint">Whose.</param>
/// <param name="directory">Where systemd has put credentials ($CREDENTIALS_DIRECTORY); null if it has not.</param>
internal sealed class CredentialSource(VCenterEndpoint endpoint, string? directory)
{
    /// <summary>Longest name or password: vCenters take 256 and fewer.</summary>
    private const int MaxChars = 4096;

    /// <summary>The credentials as they are now.</summary>
    /// <exception cref="VCenterException">They cannot be read.</exception>
    public Credentials Read() => new(One("username", endpoint.Username, "usernameFile", endpoint.UsernameFile), One("password", endpoint.Password, "passwordFile", endpoint.PasswordFile));

    private string One(string key, string? text, string fileKey, string? file)
    {
        var value = text ?? (file is null ? null : ReadFile(fileKey, file));
        if (value is not { Length: > 0 })
            throw new VCenterException($"there is no {key} for {endpoint.Name}", $"set the endpoint's {key}, or {fileKey} to a file that has it");
        // XML cannot carry them, and what cannot be sent would be repeated in the error about it.
        return value.Any(char.IsControl)
            ? throw new VCenterException($"the {key} for {endpoint.Name} has a control character in it, perhaps a line end", $"write it without into {(text is null ? file : $"the endpoint's {key}")}")
            : value;
    }

    private string ReadFile(string key, string file)
    {
        var path = PathOf(key, file);
        try
        {
            using var stream = File.OpenRead(path);
            using var reader = new StreamReader(stream);
            var text = new char[MaxChars + 1];
            var length = reader.ReadBlock(text);
            if (length > MaxChars)
                throw new VCenterException($"{path}, the {key} of {endpoint.Name}, is too long for one", "write nothing else into it");
            // Editors and echo end it with a line end.
            return new string(text, 0, length).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VCenterException($"cannot read the {key} of {endpoint.Name}: {error.Message}", $"make it readable for the user '{Environment.UserName}', whom the agent runs as, or set another {key}", error);
        }
    }

    private string PathOf(string key, string file) => SystemdCredential.PathOf(file, directory) ?? throw new VCenterException(
        $"the {key} of {endpoint.Name} is the systemd credential {file}, and ${SystemdCredential.DirectoryVariable} is not set", $"add LoadCredential={file}:FILE to the unit, or set an absolute path");
}
