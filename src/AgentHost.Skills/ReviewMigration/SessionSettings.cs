using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>
/// The settings that a script has made so far, as PostgreSQL keeps them: SET LOCAL ends with its transaction (and does nothing outside one),
/// ROLLBACK undoes what the transaction set (manual, SET).
/// </summary>
internal sealed partial record SessionSettings(
    ImmutableDictionary<string, string> Session, ImmutableDictionary<string, string> Local, ImmutableDictionary<string, string> AtBegin)
{
    /// <summary>Nothing set: the server's defaults, which have no timeouts.</summary>
    public static SessionSettings Defaults { get; } = new(
        ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty);

    /// <summary>The value in force, or null where the script has not set it.</summary>
    public string? this[string name] => Local.GetValueOrDefault(name) ?? Session.GetValueOrDefault(name);

    /// <summary>Whether a statement that runs long ends by itself.</summary>
    public bool HasStatementTimeout => IsTimeout(this["statement_timeout"]);

    /// <summary>Whether a wait for a lock ends by itself.</summary>
    public bool HasLockTimeout => IsTimeout(this["lock_timeout"]);

    /// <summary>Whether the session's time zone is known to be UTC, where timestamp and timestamptz share their bytes.</summary>
    public bool IsUtc => this["timezone"]?.ToUpperInvariant() is "UTC" or "GMT" or "ETC/UTC" or "ETC/GMT" or "ZULU" or "UNIVERSAL" or "0";

    /// <summary>The settings after a statement that sets something; others leave them as they are.</summary>
    public SessionSettings Apply(Statement statement, string text, bool inTransaction) => statement switch
    {
        SetVariable { Name: var name } set when name.Equals("all", StringComparison.OrdinalIgnoreCase) && set.Value is null =>
            this with { Session = Session.Clear(), Local = Local.Clear() },
        SetVariable set => Set(set.Name.ToLowerInvariant(), set.Value, set.IsLocal, inTransaction),
        RowStatement { Verb: RowVerb.Select } => SetConfig().Matches(text).Aggregate(this, (settings, call) => settings.Set(
            call.Groups["name"].Value.ToLowerInvariant(), call.Groups["value"].Value,
            call.Groups["local"].Value.StartsWith("t", StringComparison.OrdinalIgnoreCase), inTransaction)),
        OtherStatement { Kind: "DiscardStmt" } => Defaults,
        TransactionControl { Verb: TransactionVerb.Begin } => this with { AtBegin = Session },
        TransactionControl { Verb: TransactionVerb.Commit or TransactionVerb.Prepare } => this with { Local = Local.Clear() },
        TransactionControl { Verb: TransactionVerb.Rollback } => this with { Local = Local.Clear(), Session = AtBegin },
        _ => this,
    };

    private SessionSettings Set(string name, string? value, bool isLocal, bool inTransaction)
    {
        if (isLocal)
            return inTransaction ? this with { Local = Local.SetItem(name, value ?? "") } : this;
        return this with { Local = Local.Remove(name), Session = value is null ? Session.Remove(name) : Session.SetItem(name, value) };
    }

    private static bool IsTimeout(string? value) =>
        value is not null && LeadingNumber().Match(value) is { Success: true } number && number.Value.Any(digit => digit is >= '1' and <= '9');

    [GeneratedRegex(@"^\s*[0-9.]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"\bset_config\s*\(\s*'(?<name>[^']+)'\s*,\s*'(?<value>[^']*)'\s*,\s*'?(?<local>true|false|t|f)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SetConfig();
}
