using System.Collections.Immutable;
using AgentHost.Sql.Lowering;
using AgentHost.Sql.Parsing;

namespace AgentHost.Sql.Syntax;

/// <summary>What a query's top level does.</summary>
public enum QueryVerb { Select, Update, Delete, Insert }

/// <summary>One statement on rows as it is written: its levels and expressions, each with its place, so that a part can be replaced and the rest stays as it is.</summary>
/// <param name="Text">The statement's text.</param>
/// <param name="Top">Its outermost level; of an INSERT the query that it reads.</param>
public sealed record QuerySyntax(string Text, SelectSyntax Top)
{
    /// <summary>What it does.</summary>
    public QueryVerb Verb { get; init; }

    /// <summary>Every level, the outermost first.</summary>
    public IEnumerable<SelectSyntax> Levels()
    {
        var pending = new Stack<SelectSyntax>([Top]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            foreach (var below in next.Below().Reverse())
                pending.Push(below);
        }
    }

    /// <summary>The text of a place.</summary>
    public string TextOf(TextRange range) => range.IsNone ? "" : Text[range.Start..range.End];

    /// <summary>The highest <c>$n</c>; 0 where there is none.</summary>
    public int ParameterCount =>
        Levels().SelectMany(l => l.Expressions()).SelectMany(e => e.All()).Where(n => n.Kind == NodeKind.Parameter).Select(n => n.Number).DefaultIfEmpty(0).Max();

    /// <summary>Reads a statement; null where it is none on rows (or MERGE), more than one, or nests too deeply to look into.</summary>
    /// <exception cref="SqlInputException">The text does not parse.</exception>
    public static QuerySyntax? Read(string sql)
    {
        var source = SourceText.Read(sql);
        using var tree = LibPgQuery.Parse(source);
        if (tree.RootElement.Items("stmts").ToList() is not [var only])
            return null;
        try
        {
            return new SyntaxReader(source).Statement(only.GetProperty("stmt"));
        }
        catch (InsufficientExecutionStackException)
        {
            return null;
        }
    }

    /// <summary>Whether two expressions are the same to PostgreSQL's grammar, wherever and however they are written.</summary>
    public static bool SameExpression(string left, string right)
    {
        try
        {
            return SyntaxReader.Fingerprint("SELECT " + left) == SyntaxReader.Fingerprint("SELECT " + right);
        }
        catch (SqlInputException)
        {
            return false;
        }
    }

    /// <summary>The text with some places replaced.</summary>
    public string Replaced(params IEnumerable<(TextRange Range, string By)> edits)
    {
        var text = Text;
        foreach (var (range, by) in edits.OrderByDescending(e => e.Range.Start).ThenByDescending(e => e.Range.End))
            text = string.Concat(text.AsSpan(0, range.Start), by, text.AsSpan(range.End));
        return text;
    }
}
