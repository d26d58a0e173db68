using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Reads FORMAT YAML. Events are taken one by one, so that of a document that was cut off everything before the cut is there.</summary>
internal static class YamlPlans
{
    /// <summary>The plans of the first block that looks like one; null where the text holds none.</summary>
    public static PlansRead? Read(string text)
    {
        if (Block(text) is not { } block)
            return null;
        if (PlansRead.StatementsIn(YamlLines.Read(block.Text)) is { Count: > 0 } regular)
            return new PlansRead(regular, Cut(regular, block), []);
        var document = new Document();
        string? trouble = null;
        try
        {
            var parser = new Parser(new StringReader(block.Text));
            while (!document.Complete && parser.MoveNext())
                document.Take(parser.Current!);
        }
        catch (YamlException e)
        {
            trouble = $"The YAML of the plan breaks at line {block.FirstLine + Math.Max(1, e.Start.Line) - 1}, column {Math.Max(1, e.Start.Column) + block.Indent}: it seems cut off or damaged.";
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or NullReferenceException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The library lets such faults out on some damaged input; to the user it is the same.
            trouble = $"The YAML of the plan that starts at line {block.FirstLine} is damaged.";
        }
        var statements = PlansRead.StatementsIn(document.Root);
        if (statements.Count == 0)
            trouble ??= $"The YAML that starts at line {block.FirstLine} has no \"Plan\" with a \"Node Type\".";
        return new PlansRead(statements, trouble ?? Cut(statements, block), []);
    }

    /// <summary>Between two lines a cut breaks nothing; it shows in what is missing.</summary>
    private static string? Cut(List<PlanGroup> statements, Lines block) =>
        statements is [.., var last] && PlanInputs.MissingBelow(last.Group("Plan") ?? last) ? $"The plan is cut off behind line {block.LastLine}." : null;

    private sealed record Lines(string Text, int FirstLine, int LastLine, int Indent);

    /// <summary>The lines from the first key of a plan on that are indented at least as it is; EXPLAIN never breaks a value over lines.</summary>
    private static Lines? Block(string text)
    {
        var lines = text.Split('\n');
        for (var first = 0; first < lines.Length; first++)
        {
            var start = lines[first].TrimStart();
            if (!Opens(start))
                continue;
            var indent = lines[first].Length - start.Length;
            var taken = new List<string>();
            var last = first;
            for (var i = first; i < lines.Length; i++)
            {
                var line = lines[i].TrimEnd();
                if (line.Length == 0)
                    continue;
                var content = line.TrimStart();
                if (line.Length - content.Length < indent || (line.Length - content.Length == indent && !Belongs(content, start[0] == '-')))
                    break;
                // A tab cannot indent YAML; where a log put one before each line it is gone with the block's indentation.
                taken.Add(line[indent..]);
                last = i;
            }
            return new Lines(string.Join('\n', taken), first + 1, last + 1, indent);
        }
        return null;
    }

    private static bool Opens(string content) =>
        content.StartsWith("- Plan:", StringComparison.Ordinal) || content.StartsWith("Plan:", StringComparison.Ordinal) || content.StartsWith("- Query Text:", StringComparison.Ordinal)
        || content.StartsWith("Query Text: \"", StringComparison.Ordinal) || content.StartsWith("Node Type:", StringComparison.Ordinal) || content.StartsWith("- Node Type:", StringComparison.Ordinal);

    /// <summary>At the block's own indentation: a further item of a list, or else a further key.</summary>
    private static bool Belongs(string content, bool list)
    {
        if (list)
            return content.StartsWith("- ", StringComparison.Ordinal);
        var colon = content.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && content.AsSpan(0, colon).IndexOfAnyExcept(Key) < 0;
    }

    private static readonly System.Buffers.SearchValues<char> Key =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 /-_.\"'");

    private sealed class Document
    {
        private readonly Stack<PlanValue> open = new();
        private string? name;

        public PlanValue? Root { get; private set; }

        public bool Complete { get; private set; }

        public void Take(ParsingEvent taken)
        {
            switch (taken)
            {
                case MappingStart:
                    Open(new PlanGroup());
                    break;
                case SequenceStart:
                    Open(new PlanList());
                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    name = null;
                    Complete = open.Count == 0;
                    break;
                case Scalar scalar when open.TryPeek(out var owner) && owner is PlanGroup && name is null:
                    name = scalar.Value;
                    break;
                case Scalar scalar:
                    // EXPLAIN quotes every text, so a bare figure is no node's name.
                    if (!(name == "Node Type" && scalar.Style == ScalarStyle.Plain && new PlanScalar(scalar.Value).IsFigure))
                        Put(new PlanScalar(scalar.Value));
                    name = null;
                    break;
                case AnchorAlias:
                    name = null;
                    break;
            }
        }

        private void Open(PlanValue value)
        {
            if (open.Count > PlansRead.MaxLevels)
                throw new SkillInputException(PlansRead.TooDeep);
            Put(value);
            open.Push(value);
            name = null;
            Root ??= value;
        }

        private void Put(PlanValue value)
        {
            if (!open.TryPeek(out var owner))
                return;
            if (owner is PlanList list)
                list.Values.Add(value);
            else if (owner is PlanGroup group && name is not null)
                group.Add(name, value);
        }
    }
}
