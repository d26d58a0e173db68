using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql;

/// <summary>
/// Reads SQL with PostgreSQL 17's own grammar (libpg_query) and lowers it to records. psql's meta-commands, the colons of its
/// variables and the rows behind <c>COPY … FROM stdin</c> are passed over, so that a dump or a script for psql reads like any other.
/// Thread-safe; no input ends the process.
/// </summary>
public static class SqlParser
{
    /// <summary>The longest text that is read, in UTF-16 code units.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// The most tokens that are read in one text. A token costs libpg_query up to 250 bytes of its own memory and of JSON, and nests at most
    /// one level deeper, which decides the stack that a parse is given.
    /// </summary>
    public const int MaxTokens = 1_000_000;

    /// <summary>Parses a script.</summary>
    /// <param name="sql">Any text: empty, comments only, one or many statements.</param>
    /// <exception cref="SqlSyntaxException">PostgreSQL's grammar refuses the text.</exception>
    /// <exception cref="SqlInputException">
    /// The text holds a NUL or half a surrogate pair, is longer than <see cref="MaxLength"/>, has more than <see cref="MaxTokens"/> tokens
    /// or nests too deeply: beyond the grammar's stack of 10,000 symbols, some 1,000 operators or 2,000 UNIONs inside one another.
    /// </exception>
    /// <exception cref="ParserUnavailableException">The parser library is not installed.</exception>
    public static Script Parse(string sql)
    {
        var source = SourceText.Read(sql);
        using var tree = LibPgQuery.Parse(source);
        var parsed = tree.RootElement.GetProperty("stmts");
        var statements = ImmutableArray.CreateBuilder<Statement>(parsed.GetArrayLength());
        foreach (var raw in parsed.EnumerateArray()) statements.Add(StatementLowering.Lower(source, raw));
        return new Script(sql, statements.DrainToImmutable());
    }

    /// <summary>libpg_query's own tree of the text, for lowering only; throws as <see cref="Parse"/> does. Offsets in it count UTF-8 bytes.</summary>
    internal static JsonDocument ParseTree(string sql) => LibPgQuery.Parse(SourceText.Read(sql));
}
