using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentHost.Postgres.Catalog;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Takes the data out of a snapshot: every value in its statistics that does not stand in the schema's own text (labels of enums, constants of checks and predicates)
/// is replaced by another one in the same place of the order, so that plans cost the same. What has no order to keep is left out.
/// </summary>
public static class Redaction
{
    private const int SaltBytes = 16, HashBytes = 9;

    /// <summary>The snapshot without data.</summary>
    public static CatalogSnapshot Of(CatalogSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var salt = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SaltBytes));
        var known = SchemaConstants.Of(snapshot.Ddl);
        ColumnStatistics Column(ColumnStatistics column, string relation) => new ColumnRedaction(column, known, value => Hash(salt, relation, column.Column, value)).Redact();
        return snapshot with
        {
            RedactionSalt = salt,
            Relations =
            [
                .. snapshot.Relations.Select(relation => relation with
                {
                    Statistics = [.. relation.Statistics.Select(column => Column(column, Name(relation.Schema, relation.Name)))],
                    Indexes = [.. relation.Indexes.Select(index => index with { Statistics = [.. index.Statistics.Select(column => Column(column, Name(relation.Schema, index.Name)))] })],
                }),
            ],
            ExtendedStatistics = [.. snapshot.ExtendedStatistics.Select(extended => Extended(extended, known, Column))],
            OpenTransactions = [.. snapshot.OpenTransactions.Select(open => open with { Application = "" })],
            Notes = [.. snapshot.Notes, "Redacted: values in the statistics are surrogates of the same order; those of documents, ranges, addresses and other types without surrogates are left out."],
        };
    }

    /// <summary>By what a constant of a query is found again among a redacted column's values.</summary>
    internal static string Hash(string salt, string relation, string column, string value) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes($"{relation}\0{column}\0{Canonical(value)}")).AsSpan(0, HashBytes));

    // A number is written in several ways.
    private static string Canonical(string value) =>
        decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("G29", CultureInfo.InvariantCulture) : value;

    /// <summary>A relation's name as hashes know it.</summary>
    internal static string Name(string schema, string relation) => $"{schema}.{relation}";

    // Which combination is common is told by its values; without them the counts and dependencies stay, which hold none.
    private static ExtendedStatistics Extended(ExtendedStatistics extended, FrozenSet<string> known, Func<ColumnStatistics, string, ColumnStatistics> column) => extended with
    {
        Common = [.. extended.Common.Where(common => common.Values.All(value => value is null || known.Contains(value)))],
        Expressions = [.. extended.Expressions.Select(expression => column(expression, Name(extended.Schema, extended.Name)))],
    };
}
