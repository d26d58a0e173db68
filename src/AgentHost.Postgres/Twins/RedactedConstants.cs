using System.Collections.Immutable;
using AgentHost.Postgres.Catalog;
using AgentHost.Sql;
using AgentHost.Sql.Queries;
using Npgsql;

namespace AgentHost.Postgres.Twins;

/// <summary>Puts the surrogates of a redacted snapshot in the place of a query's constants, so that a common value is planned as one.</summary>
internal sealed class RedactedConstants
{
    /// <summary>As what a constant is looked up where the column that it is compared with is not known, or is an expression.</summary>
    private static readonly ImmutableArray<SurrogateKind> Any = [SurrogateKind.Word, SurrogateKind.Whole, SurrogateKind.Decimal, SurrogateKind.Day, SurrogateKind.Moment, SurrogateKind.Identifier];

    private readonly CatalogSnapshot snapshot;
    private readonly SurrogateKey key;
    private readonly ILookup<string, RelationFigures> relations;
    private readonly SurrogateValues values;
    private readonly TextSurrogate texts;
    private readonly JsonSurrogate documents;

    private RedactedConstants(CatalogSnapshot snapshot, SurrogateKey key)
    {
        (this.snapshot, this.key) = (snapshot, key);
        relations = snapshot.Relations.ToLookup(r => r.Name, StringComparer.Ordinal);
        var known = SchemaConstants.Of(snapshot.Ddl);
        (values, texts, documents) = (new SurrogateValues(key, known), new TextSurrogate(key), new JsonSurrogate(key, known.Texts));
    }

    /// <summary>Those of a snapshot; null where it is not redacted, or its key is not there.</summary>
    public static RedactedConstants? Of(CatalogSnapshot snapshot) => snapshot.RedactionKey is { } key ? new RedactedConstants(snapshot, SurrogateKey.Parse(key)) : null;

    /// <summary>The query with surrogates.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="twin">A connection to the twin, which takes a text search's query apart into words.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SqlInputException">It does not parse.</exception>
    public async Task<string> ReplaceAsync(string sql, NpgsqlConnection twin, CancellationToken ct)
    {
        var searches = new Dictionary<ComparedConstant, string>();
        foreach (var constant in ComparedConstants.Of(sql).Where(c => c.Search is not null))
            searches[constant with { Relations = [] }] = await SearchAsync(constant.Search!.Value, constant.Value, twin, ct);
        return ComparedConstants.Replace(sql, constant => constant.Search is null ? Surrogate(constant) : searches.GetValueOrDefault(constant with { Relations = [] }));
    }

    private string? Surrogate(ComparedConstant constant)
    {
        var type = Type(constant);
        if (constant.Operator is "~~" or "!~~" or "~~*" or "!~~*")
            return type is null || SurrogateKinds.Of(type) == SurrogateKind.Word ? texts.Pattern(constant.Value, Codes(constant)) : null;
        if (constant.Operator is "~" or "!~" or "~*" or "!~*" or "@@" or "<->")
            return null;
        if (type is null)
            return Any.Select(kind => Surrogate(kind, constant.Value)).FirstOrDefault(s => s is not null);
        if (SurrogateKinds.OfElements(type) is var elements and not SurrogateKind.None)
            return Elements(elements, constant.Value);
        return SurrogateKinds.Of(type) switch
        {
            SurrogateKind.Document => constant.Operator is "?" or "?|" or "?&" ? constant.Value.StartsWith('{') ? null : documents.Word(constant.Value) : documents.Of(constant.Value),
            var kind => Surrogate(kind, constant.Value) ?? values.Beside(kind, constant.Value),
        };
    }

    /// <summary>An array's literal with other elements; a single value by itself.</summary>
    private string? Elements(SurrogateKind kind, string value)
    {
        if (value is not ['{', .. var inner, '}'])
            return Surrogate(kind, value);
        return "{" + string.Join(',', inner.Split(',').Select(e => e.Trim().Trim('"')).Select(e => $"\"{Surrogate(kind, e) ?? e}\"")) + "}";
    }

    private string? Surrogate(SurrogateKind kind, string value) => Redaction.Hash(key, kind, value) is { } hash ? snapshot.Surrogates.GetValueOrDefault(hash) : null;

    /// <summary>The words of a search as the server makes them of its text, each replaced.</summary>
    private async Task<string> SearchAsync((string Name, string Configuration) search, string text, NpgsqlConnection twin, CancellationToken ct)
    {
        var configuration = search.Configuration.Length > 0 ? search.Configuration : snapshot.Settings.GetValueOrDefault("default_text_search_config", "pg_catalog.english");
        await using var command = new NpgsqlCommand($"select {search.Name}($1::regconfig, $2)::text", twin) { Parameters = { new() { Value = configuration }, new() { Value = text } } };
        string query;
        try
        {
            query = (string)(await command.ExecuteScalarAsync(ct))!;
        }
        catch (PostgresException)
        {
            return text; // refused here, it is refused as a query, too
        }

        var other = new System.Text.StringBuilder();
        for (var i = 0; i < query.Length; i++)
        {
            if (query[i] != '\'')
            {
                other.Append(query[i]);
                continue;
            }

            var word = new System.Text.StringBuilder();
            for (i++; i < query.Length && (query[i] != '\'' || (i + 1 < query.Length && query[i + 1] == '\'')); i++)
                word.Append(query[i] is '\'' or '\\' && i + 1 < query.Length ? query[++i] : query[i]);
            other.Append(texts.Lexeme(word.ToString()));
        }

        return other.ToString();
    }

    /// <summary>What a pattern is matched with: the surrogates that stand in the statistics.</summary>
    private IEnumerable<string> Codes(ComparedConstant constant) => (constant.Column is { } column && Owners(constant).ToList() is { Count: > 0 } owners
        ? owners.SelectMany(o => o.Statistics).Where(s => s.Column == column)
        : snapshot.Relations.SelectMany(r => r.Statistics.Concat(r.Indexes.SelectMany(i => i.Statistics))).Where(s => SurrogateKinds.Of(s.Type) == SurrogateKind.Word))
        .SelectMany(s => s.CommonValues.Concat(s.Histogram));

    private string? Type(ComparedConstant constant) => constant.Column is { } column ? Owners(constant).Select(r => r.Statistics.First(s => s.Column == column).Type).FirstOrDefault() : null;

    private IEnumerable<RelationFigures> Owners(ComparedConstant constant) => constant.Relations
        .Where(r => constant.Qualifier is null || r.Alias == constant.Qualifier || r.Table.Name == constant.Qualifier)
        .Select(r => Find(r.Table)).OfType<RelationFigures>().Where(r => r.Statistics.Any(s => s.Column == constant.Column));

    private RelationFigures? Find(QualifiedName name) =>
        relations[name.Name].FirstOrDefault(r => name.Schema is null ? r.Schema == "public" : r.Schema == name.Schema) ?? (name.Schema is null ? relations[name.Name].FirstOrDefault() : null);
}
