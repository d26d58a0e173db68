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

    /// <summary>A place together with the keyword that stands before it: <c>OFFSET 5</c> for <c>5</c>; the place itself where there is no such keyword.</summary>
    public TextRange From(string keyword, TextRange place)
    {
        var extents = new TokenExtents(SourceText.Read(Text));
        for (var token = extents.FirstOf(place) - 1; token >= 0; token--)
        {
            if (extents.IsWord(token, keyword))
                return new TextRange(extents.Range(token, token).Start, place.End);
        }
        return place;
    }

    /// <summary>A place together with the words of a list that stand right behind it: <c>created_at DESC</c> for <c>created_at</c>.</summary>
    public TextRange Through(TextRange place, params ReadOnlySpan<string> words)
    {
        var extents = new TokenExtents(SourceText.Read(Text));
        var token = extents.LastOf(place);
        while (extents.IsWord(token + 1, words))
            token++;
        return new TextRange(place.Start, Math.Max(place.End, extents.Range(token, token).End));
    }

    /// <summary>A place together with brackets that enclose it alone, all of them.</summary>
    public TextRange WithBrackets(TextRange place)
    {
        var extents = new TokenExtents(SourceText.Read(Text));
        var (first, last) = (extents.FirstOf(place), extents.LastOf(place));
        while (extents.IsSymbol(first - 1, '(') && extents.IsSymbol(last + 1, ')') && !extents.IsName(first - 2))
            (first, last) = (first - 1, last + 1);
        return extents.Range(first, last);
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
