using System.Text;
using System.Xml;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Reads FORMAT XML. Document types are refused, so nothing is expanded or fetched; of a document that was cut off everything before the cut is there.</summary>
internal static class XmlPlans
{
    private static readonly string[] Roots = ["<explain", "<Query>", "<Plan>"];

    // explain.c turns what no tag may hold into dashes; these are the names that had other signs.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["One-Time-Filter"] = "One-Time Filter",
        ["Full-sort-Groups"] = "Full-sort Groups",
        ["Pre-sorted-Groups"] = "Pre-sorted Groups",
        ["I-O-Read-Time"] = "I/O Read Time",
        ["I-O-Write-Time"] = "I/O Write Time",
        ["Shared-I-O-Read-Time"] = "Shared I/O Read Time",
        ["Shared-I-O-Write-Time"] = "Shared I/O Write Time",
        ["Local-I-O-Read-Time"] = "Local I/O Read Time",
        ["Local-I-O-Write-Time"] = "Local I/O Write Time",
        ["Temp-I-O-Read-Time"] = "Temp I/O Read Time",
        ["Temp-I-O-Write-Time"] = "Temp I/O Write Time",
    };

    private static readonly HashSet<string> Lists = ["Plans", "Workers", "Triggers", "Grouping Sets", "Target Tables", "Group Keys", "Hash Keys"];

    /// <summary>The plans of the document; null where the text holds no such document.</summary>
    public static PlansRead? Read(string text)
    {
        var start = Roots.Select(r => text.IndexOf(r, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (start < 0)
            return null;
        var top = new PlanList();
        string? trouble = null;
        // The log puts a tab before each further line of an entry, within values too.
        var document = start > 0 && text[start - 1] == '\t' ? text[start..].Replace("\n\t", "\n", StringComparison.Ordinal) : text[start..];
        using var source = new StringReader(document);
        using var reader = XmlReader.Create(source, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            CheckCharacters = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = PasteLimits.MaxCharacters,
        });
        try
        {
            Read(reader, top);
        }
        catch (XmlException e)
        {
            var line = TextPlace.Line(text, start) + Math.Max(0, e.LineNumber - 1);
            trouble = $"The XML of the plan breaks at line {line}, column {Math.Max(1, e.LinePosition)}: it seems cut off or damaged.";
        }
        var statements = PlansRead.StatementsIn(top);
        if (statements.Count == 0)
            trouble ??= $"The XML that starts at {TextPlace.Of(text, start)} has no \"Plan\" with a \"Node-Type\".";
        return new PlansRead(statements, trouble, []);
    }

    /// <summary>Reads the first element wholly; what stands behind it is the paste's affair.</summary>
    private static void Read(XmlReader reader, PlanList top)
    {
        var open = new Stack<Element>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (open.Count > PlansRead.MaxLevels)
                    throw new SkillInputException(PlansRead.TooDeep);
                var element = new Element(Name(reader.LocalName), open.TryPeek(out var owner) ? owner : null, top);
                if (reader.IsEmptyElement)
                    element.Close();
                else
                    open.Push(element);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                open.Pop().Close();
            }
            else if (open.TryPeek(out var element) && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                element.Append(reader.Value);
            }
            if (open.Count == 0 && top.Values.Count > 0)
                return;
        }
    }

    private static string Name(string tag) => Names.TryGetValue(tag, out var name) ? name : tag.Replace('-', ' ');

    /// <summary>An element that is being read. It is put into its owner as soon as its kind is known, so that a cut takes nothing away that was read.</summary>
    private sealed class Element(string name, Element? owner, PlanList top)
    {
        private readonly StringBuilder text = new();
        private PlanValue? value;

        public void Append(string part)
        {
            if (value is null)
                text.Append(part);
        }

        public void Close()
        {
            if (value is null)
                Become(Lists.Contains(name) ? new PlanList() : new PlanScalar(text.ToString()));
        }

        private void Become(PlanValue kind)
        {
            value = kind;
            if (owner is null)
                top.Values.Add(kind);
            else
                owner.Take(name, kind);
        }

        private void Take(string child, PlanValue taken)
        {
            if (value is null)
                Become(Lists.Contains(name) || child is "Item" or "Query" ? new PlanList() : new PlanGroup());
            if (value is PlanList list)
                list.Values.Add(taken);
            else if (value is PlanGroup group)
                group.Add(child, taken);
        }
    }
}
