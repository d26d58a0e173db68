using System.Text.RegularExpressions;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// How a twin's database orders text: as the original, as far as the private server can, which has no locales of a C library but all of ICU's. The order decides
/// what a text histogram means, and whether LIKE 'abc%' may use a plain index.
/// </summary>
internal static partial class TwinLocale
{
    /// <summary>The options of CREATE DATABASE; empty for the private server's own order, which is that of the bytes.</summary>
    public static string Options(DatabaseLocale? locale) => locale switch
    {
        null or { Provider: 'b' } or { Collate: "C" or "POSIX" } => "",
        { Provider: 'i', Collate: var name } => Icu(name),
        // Of the C library only C and POSIX let the planner take a prefix for a range; its C.UTF-8 orders by code points all the same.
        { Collate: var name } when name.StartsWith("C.", StringComparison.OrdinalIgnoreCase) => Icu("en-US-u-va-posix"),
        { Collate: var name } => Icu(Encoding().Replace(name, "").Replace('_', '-')),
    };

    private static string Icu(string locale) => $"locale_provider icu icu_locale '{locale.Replace("'", "''", StringComparison.Ordinal)}' locale 'C'";

    [GeneratedRegex(@"[.@].*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Encoding();
}
