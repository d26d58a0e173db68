using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>Finds what must never be written into files that people commit: passwords, keys and tokens of known shapes.</summary>
internal static partial class SecretScan
{
    /// <summary>The kind of the first secret seen, as <c>an AWS access key</c>, or null.</summary>
    public static string? Find(string text)
    {
        foreach (Match match in UrlWithPassword().Matches(text))
            if (!IsPlaceholder(match.Groups["secret"].Value)) return "a connection string with a password";
        foreach (Match match in KeywordPassword().Matches(text))
            if (!IsPlaceholder(match.Groups["secret"].Value)) return "a connection string with a password";
        foreach (Match match in PasswordVariable().Matches(text))
            if (!IsPlaceholder(match.Groups["secret"].Value)) return "a password or key given to a variable";
        if (PrivateKey().IsMatch(text)) return "a private key";
        if (AwsAccessKey().IsMatch(text)) return "an AWS access key";
        if (Bearer().IsMatch(text)) return "a bearer token";
        if (JsonWebToken().IsMatch(text)) return "a JSON Web Token";
        if (VendorToken().IsMatch(text)) return "an API token";
        return null;
    }

    private static bool IsPlaceholder(string secret) =>
        secret.Length == 0 || secret.Trim('*', '.', 'x', 'X', '…').Length == 0 || secret[0] is '<' or '$' or '%' or '{' or '['
        || secret.Equals("password", StringComparison.OrdinalIgnoreCase) || secret.Equals("secret", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[a-z][a-z0-9+.\-]{1,30}://[^\s:/@]{0,200}:(?<secret>[^\s@]{1,200})@", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex UrlWithPassword();

    [GeneratedRegex(@"(?:(?:host|server|data source|user id|username|user|uid|dbname|database|initial catalog|port)\s*=[^\n]{0,400}?)\b(?:password|pwd)\s*=\s*(?<secret>'[^']*'|[^\s;]+)|\b(?:password|pwd)\s*=\s*(?<secret>'[^']*'|[^\s;]+)[^\n]{0,400}?\b(?:host|server|data source|user id|username|user|uid|dbname|database)\s*=", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex KeywordPassword();

    [GeneratedRegex(@"\b(?:PGPASSWORD|[A-Z0-9_]{0,40}_PASSWORD|[A-Z0-9_]{0,40}_API_KEY|AWS_SECRET_ACCESS_KEY|aws_secret_access_key)\s*[=:]\s*[""']?(?<secret>[^\s""']{6,})", RegexOptions.None, 1000)]
    private static partial Regex PasswordVariable();

    [GeneratedRegex(@"-----BEGIN [A-Z ]{0,30}PRIVATE KEY", RegexOptions.None, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(?:AKIA|ASIA|AGPA|AROA)[0-9A-Z]{16}\b", RegexOptions.None, 1000)]
    private static partial Regex AwsAccessKey();

    [GeneratedRegex(@"\b(?:bearer\s+|authorization:\s*basic\s+)[a-z0-9._~+/\-]{16,}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.", RegexOptions.None, 1000)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_\-]{20,}|xox[abprs]-[A-Za-z0-9\-]{10,}|sk-[A-Za-z0-9_\-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}|AIza[0-9A-Za-z_\-]{35}|npm_[A-Za-z0-9]{36})", RegexOptions.None, 1000)]
    private static partial Regex VendorToken();
}
