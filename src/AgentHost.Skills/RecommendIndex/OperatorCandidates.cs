using System.Collections.Immutable;
using AgentHost.Sql.Queries;

namespace AgentHost.Skills.RecommendIndex;

/// <summary>
/// Indexes for conditions by operators: GIN over documents, arrays, text search and trigrams, GiST over ranges and shapes, SP-GiST over networks, vectors in
/// the order of distance; alone, behind the columns that the query compares for equality, and cut to the template's constants.
/// </summary>
internal sealed class OperatorCandidates(CandidateSet found, IndexEnvironment environment)
{
    /// <summary>Leading scalar keys of a GIN or GiST index: each is one more tree, or one more key to compare.</summary>
    private const int MaxScalars = 2;

    public void Add(RelationUse use, TableFacts table, ImmutableArray<CandidatePredicate> partials)
    {
        foreach (var condition in use.Operators.Where(o => o.Operand.Kind != OperandKind.Column))
        {
            foreach (var service in OperatorServices.Of(condition, table).Where(s => s.Extension is null || environment.Allows(s.Extension)))
                AddForms(use, table, condition, service, partials);
        }
        // Without a limit the whole table is sorted anyway.
        if (use is { Nearest: { } nearest, HasLimit: true })
        {
            foreach (var service in OperatorServices.Nearest(nearest, table).Where(s => s.Extension is null || environment.Allows(s.Extension)))
                AddForms(use, table, nearest, service, service.Method is "hnsw" or "ivfflat" ? partials : [], KeyRole.Nearest);
        }
    }

    /// <summary>The plain indexes that serve a condition, for an arm of an OR.</summary>
    public static IEnumerable<IndexCandidate> Plain(OperatorPredicate condition, TableFacts table, IndexEnvironment environment) =>
        OperatorServices.Of(condition, table).Where(s => s.Extension is null || environment.Allows(s.Extension)).Select(s => new IndexCandidate(table, [KeyOf(condition, table, s, s.Role)], null)
        {
            Method = s.Method,
            Extensions = environment.Missing(s.Extension is { } e ? [e] : []),
        });

    private void AddForms(RelationUse use, TableFacts table, OperatorPredicate condition, OperatorService service, ImmutableArray<CandidatePredicate> partials, KeyRole? role = null)
    {
        var key = KeyOf(condition, table, service, role ?? service.Role);
        foreach (var predicate in partials.Prepend<CandidatePredicate?>(null))
        {
            Add([key], predicate, service, null);
            var helper = service.Method switch { "gin" => "btree_gin", "gist" => "btree_gist", _ => null };
            if (helper is null || !environment.Allows(helper))
                continue;
            var scalars = UseKeys.Equalities(use, table).Where(k => !k.Facts.IsExpression && ScalarTypes.Contains(k.Facts.BaseType) && predicate?.Columns.Contains(k.Column) != true)
                .OrderByDescending(k => k.Facts.Distinct(table.Rows)).ThenBy(k => k.Facts.Number).Take(MaxScalars).ToList();
            foreach (var scalar in scalars)
                Add([scalar, key], predicate, service, helper);
            if (scalars.Count > 1)
                Add([.. scalars, key], predicate, service, helper);
        }

        void Add(ImmutableArray<CandidateKey> keys, CandidatePredicate? predicate, OperatorService by, string? helper) => found.Add(new IndexCandidate(table, keys, predicate)
        {
            Method = by.Method,
            EqualityKeys = keys.Length - 1,
            Extensions = environment.Missing(((string?[])[by.Extension, helper]).OfType<string>()),
        });
    }

    private static CandidateKey KeyOf(OperatorPredicate condition, TableFacts table, OperatorService service, KeyRole role) => (condition.IsExpression
        ? CandidateKey.Of(condition.Key, condition.Columns, role)
        : new CandidateKey(table.Columns[condition.Key], role, Descending: false, NullsFirst: false)) with { OperatorClass = service.OperatorClass };

    /// <summary>Types that btree_gin and btree_gist both bring (manual, F.8 and F.9).</summary>
    private static readonly ImmutableHashSet<string> ScalarTypes =
    [
        "smallint", "integer", "bigint", "real", "double precision", "numeric", "date", "timestamp without time zone", "timestamp with time zone", "time without time zone",
        "text", "character varying", "character", "uuid", "bytea", "interval", "inet", "cidr", "macaddr", "money", "oid",
    ];
}
