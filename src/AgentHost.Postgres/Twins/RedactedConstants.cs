using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Postgres.Twins;

/// <summary>Puts the surrogates of a redacted snapshot in the place of a query's constants, so that a common value is planned as one.</summary>
internal sealed class RedactedConstants
{
    /// <summary>As what a constant is looked up where the column that it is compared with is not known, or is an expression.</summary>
    private static readonly SurrogateKind[] Any = [SurrogateKind.Word, SurrogateKind.Whole, SurrogateKind.Decimal, SurrogateKind.Day, SurrogateKind.Moment, SurrogateKind.Identifier];

    private readonly CatalogSnapshot snapshot;
    private readonly byte[] key;
    private readonly ILookup<string, RelationFigures> relations;

    private RedactedConstants(CatalogSnapshot snapshot, string salt)
    {
        this.snapshot = snapshot;
        key = Convert.FromBase64String(salt);
        relations = snapshot.Relations.ToLookup(r => r.Name, StringComparer.Ordinal);
    }

    /// <summary>Those of a snapshot; null where it is not redacted.</summary>
    public static RedactedConstants? Of(CatalogSnapshot snapshot) => snapshot.RedactionSalt is { } salt ? new RedactedConstants(snapshot, salt) : null;

    /// <summary>The query with surrogates.</summary>
    /// <exception cref="SqlInputException">It does not parse.</exception>
    public string Replace(string sql) => QueryConstants.Replace(sql, name => Find(name)?.Statistics.Select(s => s.Column).ToList(), Surrogate);

    private string? Surrogate(QualifiedName table, string? column, string value)
    {
        var type = column is null ? null : Find(table)?.Statistics.FirstOrDefault(s => s.Column == column)?.Type;
        if (type is null)
            return Any.Select(kind => Surrogate(kind, value)).FirstOrDefault(s => s is not null);
        return SurrogateKinds.OfElements(type) is var elements and not SurrogateKind.None ? Elements(elements, value) : Surrogate(SurrogateKinds.Of(type), value) ?? Beside(SurrogateKinds.Of(type), value);
    }

    // Where values lie close together all have moved by one step; what is not common moves with them, lest it be taken for its neighbour.
    private static string? Beside(SurrogateKind kind, string value) => kind is SurrogateKind.Whole or SurrogateKind.Day ? SurrogateValues.Of(kind, [value], []).GetValueOrDefault(value) : null;

    /// <summary>An array's literal with other elements; a single value by itself.</summary>
    private string? Elements(SurrogateKind kind, string value)
    {
        if (value is not ['{', .. var inner, '}'])
            return Surrogate(kind, value);
        return "{" + string.Join(',', inner.Split(',').Select(e => e.Trim().Trim('"')).Select(e => Surrogate(kind, e) ?? $"\"{e}\"")) + "}";
    }

    private string? Surrogate(SurrogateKind kind, string value) => Redaction.Hash(key, kind, value) is { } hash ? snapshot.Surrogates.GetValueOrDefault(hash) : null;

    private RelationFigures? Find(QualifiedName name) =>
        relations[name.Name].FirstOrDefault(r => name.Schema is null ? r.Schema == "public" : r.Schema == name.Schema) ?? (name.Schema is null ? relations[name.Name].FirstOrDefault() : null);
}
