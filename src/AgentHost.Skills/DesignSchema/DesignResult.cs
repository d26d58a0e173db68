using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentHost.Skills.DesignSchema;

/// <summary>A schema that was run before it is shown.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="PgVersion">The PostgreSQL major version that the DDL is written for.</param>
/// <param name="Files">What was asked for, by file name.</param>
/// <param name="Decisions">Every choice, with its reason and the document it rests on.</param>
/// <param name="Proof">What was observed when it ran.</param>
/// <param name="Warnings">What the caller should know or decide.</param>
public sealed record DesignResult(
    string Name,
    int PgVersion,
    ImmutableArray<DesignFile> Files,
    ImmutableArray<DesignDecision> Decisions,
    DesignProof Proof,
    ImmutableArray<string> Warnings) : SkillResult
{
    /// <summary>The result with each statement list once, for a reader that pays by the word: <c>schema.sql</c> names the up migration instead of repeating it.</summary>
    public DesignResult WithEachTextOnce() =>
        Files.FirstOrDefault(f => f.Name.EndsWith(".up.sql", StringComparison.Ordinal)) is not { } up ? this
            : this with { Files = [.. Files.Select(f => f.Name == "schema.sql" ? f with { Text = null, SameAs = up.Name } : f)] };
}

/// <summary>A file of the result.</summary>
/// <param name="Name">A relative path with forward slashes.</param>
/// <param name="Text">Its text; null where <see cref="SameAs"/> names a file that says it.</param>
public sealed record DesignFile(string Name, string? Text)
{
    /// <summary>The file of the same answer that has the same statements (its heading comment is another).</summary>
    public string? SameAs { get; init; }
}

/// <summary>A choice of the designer.</summary>
/// <param name="Decision">What was chosen.</param>
/// <param name="Because">Why here.</param>
/// <param name="Citation">The document that weighs it.</param>
public sealed record DesignDecision(string Decision, string Because, Citation Citation)
{
    /// <summary>The id of the project's decision that was followed; absent where the designer chose by itself or the model said so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Followed { get; init; }
}

/// <summary>What was observed on a scratch database.</summary>
/// <param name="Server">The server that ran it, as <c>PostgreSQL 17.6</c>.</param>
/// <param name="Up">The up migration ran.</param>
/// <param name="Down">The down migration ran, and the catalog was as before the first up.</param>
/// <param name="UpAgain">The up migration ran again, and the catalog was as after the first up.</param>
/// <param name="AccessPatterns">The plan of each access pattern.</param>
/// <param name="Isolation">What a tenant could not do to another, or null without tenancy.</param>
public sealed record DesignProof(
    string Server, bool Up, bool Down, bool UpAgain, ImmutableArray<AccessPatternProof> AccessPatterns, IsolationProof? Isolation);

/// <summary>An access pattern's plan on the scratch database, with sequential scans and other indexes kept out of the way.</summary>
/// <param name="Name">The pattern.</param>
/// <param name="Query">The statement that was planned.</param>
/// <param name="Index">The index that serves it.</param>
/// <param name="Plan">The plan in short: node types with index and condition, top down.</param>
/// <param name="Sorts">Whether the plan sorts; a design is refused where it does.</param>
public sealed record AccessPatternProof(string Name, string Query, string Index, string Plan, bool Sorts);

/// <summary>Row-level security, attacked: two tenants with rows in every table, a role without rights to bypass.</summary>
/// <param name="Tables">The tables on which every attack was tried and repelled.</param>
/// <param name="Attacks">What was tried on each of them.</param>
/// <param name="CrossTenantReferences">Foreign keys over which a row could not point to another tenant's.</param>
/// <param name="WithoutTenant">Rows seen with no tenant set: 0.</param>
public sealed record IsolationProof(
    ImmutableArray<string> Tables, ImmutableArray<string> Attacks, ImmutableArray<string> CrossTenantReferences, long WithoutTenant);
