using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>
/// Finds what must never be written into files that people commit: passwords, keys and tokens, by their form. A value given to a name that means a secret is one
/// unless it stands for a value (<c>${PASSWORD}</c>, <c>***</c>, <c>NULL</c>, <c>new.password</c>); words about passwords are none.
/// </summary>
internal static partial class SecretScan
{
    private static readonly FrozenSet<string> Placeholders = FrozenSet.ToFrozenSet(
        ("password passwd pwd passphrase pass secret token key value string text varchar char bytea bytes uuid jsonb json integer int bigint number bool boolean true false yes no on off "
        + "null none nil undefined default empty missing required optional unknown invalid wrong hidden redacted removed masked encrypted hashed plaintext plain trust md5 scram "
        + "scram-sha-256 sha256 sha-256 sha512 bcrypt argon2 argon2id pbkdf2 example changeme change_me todo tbd here input env vault").Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of the first secret seen, as <c>an AWS access key</c>, or null.</summary>
    public static string? Find(string text)
    {
        if (UrlWithPassword().Matches(text).Any(m => IsSecret(m.Groups["secret"].Value)) || PasswordFileLine().Matches(text).Any(m => IsSecret(m.Groups["secret"].Value)))
            return "a connection string with a password";
        if (PrivateKey().IsMatch(text)) return "a private key";
        if (AwsAccessKey().IsMatch(text)) return "an AWS access key";
        if (JsonWebToken().IsMatch(text)) return "a JSON Web Token";
        if (VendorToken().IsMatch(text)) return "an API token";
        if (Bearer().IsMatch(text)) return "a bearer token";
        if (PasswordVerifier().IsMatch(text) || PasswordClause().Matches(text).Any(m => IsSecret(m.Groups["secret"].Value))) return "a role's password";
        foreach (Match match in Password().Matches(text))
            if (IsGiven(match, shortest: 4)) return "a password";
        foreach (Match match in Token().Matches(text))
            if (IsGiven(match, shortest: 8)) return "a key or token";
        foreach (Match match in Key().Matches(text))
            if (IsMixed(match.Groups["secret"].Value)) return "a key or token";
        return null;
    }

    // Quoted, or written as settings are (name=value), any value is meant; in prose ("password = bcrypt hash", "token: opaque") only what no word looks like.
    private static bool IsGiven(Match match, int shortest)
    {
        var (secret, isTight) = (match.Groups["secret"].Value.TrimEnd('.', ',', ';', ')', '!', '?'), match.Groups["sign"].Value == "=");
        if (secret.Length < shortest || !IsSecret(secret)) return false;
        if (match.Groups["quote"].Length > 0) return shortest <= 4 || IsMixed(secret);
        if (CodePath().IsMatch(secret)) return false;
        return IsMixed(secret) || (isTight && shortest <= 4);
    }

    private static bool IsMixed(string secret) => secret.Any(char.IsLetter) && secret.Any(c => char.IsDigit(c) || c is '!' or '@' or '#' or '$' or '%' or '^' or '&' or '+');

    private static bool IsSecret(string value)
    {
        var secret = value.Trim('\'', '"', '`');
        return secret.Trim('*', '.', 'x', 'X', '…', '-', '_', '?', '•').Length > 0
            && secret[0] is not ('<' or '$' or '%' or '{' or '[' or '(' or ':' or '/' or '@' or '\\')
            && !secret.Contains('(', StringComparison.Ordinal)
            && !secret.StartsWith("env:", StringComparison.OrdinalIgnoreCase) && !secret.StartsWith("your", StringComparison.OrdinalIgnoreCase)
            && !Placeholders.Contains(secret);
    }

    [GeneratedRegex(@"[a-z][a-z0-9+.\-]{1,30}://[^\s:/@]{0,200}:(?<secret>[^\s@]{1,200})@", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex UrlWithPassword();

    // A line of .pgpass: host:port:database:user:password.
    [GeneratedRegex(@"^[ \t]*[\w.*\-]+:(?:\d{2,5}|\*):[\w*\-]+:[\w*\-]+:(?<secret>\S+)[ \t]*\r?$", RegexOptions.Multiline, 1000)]
    private static partial Regex PasswordFileLine();

    [GeneratedRegex(@"(?:password|passwd|passphrase|(?<![a-z])pwd|_pass)[""'\]]{0,2}(?<sign>\s*(?:=>|:=|=|:)\s*)(?<quote>[""']?)(?<secret>(?<=[""'])[^""'\r\n]+|[^\s""'`;&|<>=]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Password();

    [GeneratedRegex(@"(?:token|secret|(?:api|access|account|secret|private|signing|encryption|auth|license|shared)[_\-]?key)[""'\]]{0,2}(?<sign>\s*(?:=>|:=|=|:)\s*)(?<quote>[""']?)(?<secret>[^\s""'`;&|<>=]+={0,2})", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"(?<![A-Za-z])key[""'\]]{0,2}\s*[=:]\s*[""']?(?<secret>[A-Za-z0-9+/]{24,}={0,2})(?![\w\-])", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Key();

    // CREATE ROLE … PASSWORD '…', IDENTIFIED BY '…', and programs' --password …
    [GeneratedRegex(@"\b(?:password|identified\s+by)\s+E?'(?<secret>[^'\r\n]{3,})'|--?password[ =](?<secret>[""']?(?=\S*\d)[^\s""'`]{4,})", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PasswordClause();

    [GeneratedRegex(@"SCRAM-SHA-256\$\d+:|\bmd5[0-9a-f]{32}\b", RegexOptions.None, 1000)]
    private static partial Regex PasswordVerifier();

    // A column or variable of a program: users.password, request.body.token2.
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)+$", RegexOptions.None, 1000)]
    private static partial Regex CodePath();

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY|\bAGE-SECRET-KEY-1[0-9A-Z]{20,}", RegexOptions.None, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(?:AKIA|ASIA|AGPA|AROA)[0-9A-Z]{16}\b", RegexOptions.None, 1000)]
    private static partial Regex AwsAccessKey();

    [GeneratedRegex(@"\b(?:bearer\s+|authorization:\s*(?:basic|token)\s+)(?=\S*\d)[a-z0-9._~+/\-]{16,}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.", RegexOptions.None, 1000)]
    private static partial Regex JsonWebToken();

    // GitHub, GitLab, Slack, OpenAI and its like, Stripe, Google, npm, PyPI, SendGrid, Hugging Face, DigitalOcean, Shopify.
    [GeneratedRegex(@"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_\-]{20,}|xox[abeoprs]-[A-Za-z0-9\-]{10,}|xapp-\d-[A-Za-z0-9\-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w{10,}|sk-(?=[A-Za-z0-9_\-]*\d)[A-Za-z0-9_\-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}|AIza[0-9A-Za-z_\-]{35}|GOCSPX-[A-Za-z0-9_\-]{20,}|npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_\-]{20,}|SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}|hf_[A-Za-z0-9]{30,}|dop_v1_[0-9a-f]{32,}|shp(?:at|ss)_[0-9a-fA-F]{32})", RegexOptions.None, 1000)]
    private static partial Regex VendorToken();
}
