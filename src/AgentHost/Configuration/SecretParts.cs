namespace AgentHost.Configuration;

/// <summary>What of a secret text must not be shown: the whole, and the password inside it.</summary>
internal static class SecretParts
{
    // A shorter one would blot out ordinary words of a message; a password of three letters is no secret.
    private const int Shortest = 4;

    /// <summary>The parts of a connection string, a URL or a key that are to be hidden; none for null.</summary>
    public static IEnumerable<string> Of(string? secret)
    {
        if (secret is null)
            yield break;
        if (secret.Length >= Shortest)
            yield return secret;
        if (Password(secret) is not { Length: >= Shortest } password)
            yield break;
        yield return password;
        if (Uri.UnescapeDataString(password) is var plain && plain != password)
            yield return plain;
    }

    private static string? Password(string secret)
    {
        if (Uri.TryCreate(secret, UriKind.Absolute, out var url) && url.UserInfo.Split(':', 2) is [_, var inUrl])
            return inUrl;
        foreach (var part in secret.Split(';'))
        {
            if (part.Split('=', 2) is [var key, var value] && key.Trim().ToUpperInvariant() is "PASSWORD" or "PWD")
                return value.Trim().Trim('"', '\'');
        }
        return null;
    }
}
