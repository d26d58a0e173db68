using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Queries;

namespace AgentHost.Postgres.Twins;

/// <summary>Puts the surrogates of a redacted snapshot in the place of a query's constants, so that a common value is planned as one.</summary>
internal sealed class RedactedConstants
{
    private readonly string salt;
    private readonly ILookup<string, RelationFigures> relations;
    private readonly Dictionary<string, string> surrogates = new(StringComparer.Ordinal);

    private RedactedConstants(CatalogSnapshot snapshot, string salt)
    {
        this.salt = salt;
        relations = snapshot.Relations.ToLookup(r => r.Name, StringComparer.Ordinal);
        foreach (var (hash, surrogate) in snapshot.Relations.SelectMany(r => r.Statistics).SelectMany(s => s.CommonHashes.Zip(s.CommonValues)))
            surrogates[hash] = surrogate;
    }

    /// <summary>Those of a snapshot; null where it is not redacted.</summary>
    public static RedactedConstants? Of(CatalogSnapshot snapshot) => snapshot.RedactionSalt is { } salt ? new RedactedConstants(snapshot, salt) : null;

    /// <summary>The query with surrogates.</summary>
    /// <exception cref="SqlInputException">It does not parse.</exception>
    public string Replace(string sql) => QueryConstants.Replace(sql, name => Find(name)?.Statistics.Select(s => s.Column).ToList(), Surrogate);

    private string? Surrogate(QualifiedName table, string column, string value) =>
        Find(table) is { } relation ? surrogates.GetValueOrDefault(Redaction.Hash(salt, Redaction.Name(relation.Schema, relation.Name), column, value)) : null;

    private RelationFigures? Find(QualifiedName name) =>
        relations[name.Name].FirstOrDefault(r => name.Schema is null ? r.Schema == "public" : r.Schema == name.Schema) ?? (name.Schema is null ? relations[name.Name].FirstOrDefault() : null);
}
