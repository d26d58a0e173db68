using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>An identifier longer than 63 bytes.</summary>
internal sealed class IdentifierTruncated : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "identifier-truncated";

    /// <inheritdoc />
    public override string Title => "A name of more than 63 bytes is cut without an error";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, 4.1.1 Identifiers and Key Words";

    /// <inheritdoc />
    public override bool IsAdvice => true;

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        foreach (var (name, span) in LongNames.Find(context))
        {
            yield return Report(context, span, Severity.Warning, null,
                $"PostgreSQL keeps the first 63 bytes of {Head(name)}… ({System.Text.Encoding.UTF8.GetByteCount(name)} bytes) and says so only in a notice; two such names may become one. Shorten it.");
        }
    }

    private static string Head(string name)
    {
        const int Shown = 40;
        return name.Length <= Shown ? name : name[..(char.IsHighSurrogate(name[Shown - 1]) ? Shown - 1 : Shown)];
    }
}
