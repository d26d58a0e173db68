using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentHost.Skills.DesignSchema.Model;

/// <summary>A node of a YAML document that remembers where it stood (1-based line and column).</summary>
internal abstract record YamlNode(int Line, int Column);

internal sealed record YamlScalar(string Value, bool IsQuoted, int Line, int Column) : YamlNode(Line, Column)
{
    /// <summary>YAML's null: an empty plain scalar, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => !IsQuoted && Value is "" or "~" or "null";
}

internal sealed record YamlList(ImmutableArray<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);

/// <summary>
/// Reads YAML into nodes from the parser's events, never through the deserializer: size, depth and node count are capped, anchors and aliases
/// are refused, so that no input can make the reader hang, run out of stack or grow beyond what was sent.
/// </summary>
internal static class YamlTree
{
    public const int MaxCharacters = 512 * 1024;
    public const int MaxDepth = 24;
    public const int MaxNodes = 60_000;

    /// <summary>The root node, or null where problems were added instead.</summary>
    public static YamlNode? Read(string text, ProblemList problems, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add(1, 1, "the model is empty; it needs at least 'entities:' with one entity");
            return null;
        }
        if (text.Length > MaxCharacters)
        {
            problems.Add(1, 1, $"the model has {text.Length:N0} characters; at most {MaxCharacters:N0} are read. Split it by domain");
            return null;
        }
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            problems.Add(text.AsSpan(0, nul).Count('\n') + 1, nul - text.LastIndexOf('\n', nul), "the model holds a NUL character; it is not a text file");
            return null;
        }
        try
        {
            return new Reader(new Parser(new StringReader(text)), problems, ct).Document();
        }
        catch (YamlException e)
        {
            problems.Add((int)e.Start.Line, (int)e.Start.Column, $"not valid YAML: {e.Message}");
            return null;
        }
    }

    private sealed class Reader(Parser parser, ProblemList problems, CancellationToken ct)
    {
        private int nodes;

        public YamlNode? Document()
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.Add(1, 1, "the model is empty; it needs at least 'entities:' with one entity");
                return null;
            }
            var root = Node(1);
            if (root is null)
                return null;
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                problems.Add((int)second.Start.Line, (int)second.Start.Column, "a second YAML document begins here; a model is one document");
                return null;
            }
            return root;
        }

        private YamlNode? Node(int depth)
        {
            ct.ThrowIfCancellationRequested();
            var at = parser.Current!;
            int line = (int)at.Start.Line, column = (int)at.Start.Column;
            if (++nodes > MaxNodes)
                return Refuse(line, column, $"the model has more than {MaxNodes:N0} nodes");
            if (depth > MaxDepth)
                return Refuse(line, column, $"the model is nested deeper than {MaxDepth} levels");
            if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false })
                return Refuse(line, column, "anchors (&) and aliases (*) are not read in a model; write the part out");
            if (parser.TryConsume<Scalar>(out var scalar))
                return new YamlScalar(scalar.Value, scalar.Style is not ScalarStyle.Plain, line, column);
            if (parser.TryConsume<SequenceStart>(out _))
                return List(depth, line, column);
            parser.Consume<MappingStart>();
            return Map(depth, line, column);
        }

        private YamlList? List(int depth, int line, int column)
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (Node(depth + 1) is not { } item)
                    return null;
                items.Add(item);
            }
            return new YamlList(items.ToImmutable(), line, column);
        }

        private YamlMap? Map(int depth, int line, int column)
        {
            var entries = ImmutableArray.CreateBuilder<YamlEntry>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Node(depth + 1) is not { } key)
                    return null;
                if (key is not YamlScalar name)
                {
                    Refuse(key.Line, key.Column, "a key must be a plain word, not a list or a mapping");
                    return null;
                }
                if (Node(depth + 1) is not { } value)
                    return null;
                entries.Add(new YamlEntry(name, value));
            }
            return new YamlMap(entries.ToImmutable(), line, column);
        }

        private YamlNode? Refuse(int line, int column, string message)
        {
            problems.Add(line, column, message);
            return null;
        }
    }
}
