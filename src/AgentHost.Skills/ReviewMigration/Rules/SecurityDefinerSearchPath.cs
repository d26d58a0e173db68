using System.Collections.Immutable;
using AgentHost.Skills.ReviewMigration.Fixing;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Rules;

/// <summary>SECURITY DEFINER without SET search_path.</summary>
internal sealed class SecurityDefinerSearchPath : MigrationRule
{
    /// <inheritdoc />
    public override string Id => "security-definer-search-path";

    /// <inheritdoc />
    public override string Title => "A SECURITY DEFINER function without its own search_path runs what its caller puts there";

    /// <inheritdoc />
    public override string Manual => "PostgreSQL manual, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely";

    /// <inheritdoc />
    protected override ImmutableArray<Type> Concerns => [typeof(CreateFunction), typeof(AlterFunction)];

    /// <inheritdoc />
    public override IEnumerable<Finding> Judge(StatementContext context)
    {
        var (name, span) = context.Statement switch
        {
            CreateFunction { IsSecurityDefiner: true, PinsSearchPath: false, HasStandardBody: false } create => (create.Name, create.Span),
            AlterFunction { PinsSearchPath: not true } alter when alter.SecurityDefiner == true || alter.PinsSearchPath == false => (alter.Name, alter.Span),
            _ => (null, default),
        };
        if (name is null || context.Replay.Statements.Any(other => other.Statement is AlterFunction { PinsSearchPath: true } pin && other.Schema.Resolve(pin.Name) == context.Schema.Resolve(name)))
            yield break;
        var after = context.Schema.Apply(context.Statement).Function(name);
        if (context.Statement is AlterFunction && after is { IsSecurityDefiner: false } or { PinsSearchPath: true })
            yield break;
        bool isKnown = context.Statement is CreateFunction || after is { IsSecurityDefiner: true, PinsSearchPath: false };
        yield return Report(context, span, isKnown ? Severity.Error : Severity.Warning, null,
            $"{Quote(name)} runs with its owner's rights but looks names up on its caller's search_path, where the caller can put functions and tables of the same name. "
            + (isKnown ? "Add SET search_path = pg_catalog, pg_temp and qualify names." : context.Statement is AlterFunction { PinsSearchPath: false } ? "Is it SECURITY DEFINER? Then leave its search_path set." : "Does it have a SET search_path already? If not, add one.")) with
        {
            Fix = context.Statement is CreateFunction && !context.IsInside ? SafeForm(context, name) : null,
        };
    }

    /// <summary>The clauses of CREATE FUNCTION may stand in any order, so that one more goes to the end.</summary>
    private static Fix SafeForm(StatementContext context, QualifiedName name)
    {
        string set = $"SET search_path = pg_catalog, {Quote(context.Schema.SearchPath.Where(schema => schema is not ("pg_catalog" or "pg_temp" or "$user")))}, pg_temp";
        return Fix.Of("Pin the search_path", context.Statement.Span, new FixStep($"{context.Text}\n{set}")) with { Adds = $"ALTER ROUTINE {Quote(name)} {set}" };
    }
}
