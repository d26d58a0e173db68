using System.Globalization;

namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>A value of a plan, the same for whatever format it was printed in: names are those of EXPLAIN's JSON.</summary>
internal abstract class PlanValue;

/// <summary>A text, figure or flag, as it was printed. Only JSON and YAML tell texts and figures apart, so this does not.</summary>
internal sealed class PlanScalar(string text) : PlanValue
{
    public string Text { get; } = text;

    /// <summary>Whether it reads as a figure or flag, and so is no expression.</summary>
    public bool IsFigure => Text is "true" or "false" || double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}

/// <summary>Values without names.</summary>
internal sealed class PlanList : PlanValue
{
    public List<PlanValue> Values { get; } = [];
}

/// <summary>Named values: a node, a statement, or a part of one.</summary>
internal sealed class PlanGroup : PlanValue
{
    private readonly Dictionary<string, PlanValue> values = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, PlanValue>> Values => values;

    public PlanValue? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Whether this is a node of a plan.</summary>
    public bool IsNode => Text("Node Type") is { Length: > 0 };

    /// <summary>Adds a value. Of two with one name the first stays, as a node's own figures stand before what was pasted in; lists are joined.</summary>
    public void Add(string name, PlanValue value)
    {
        if (values.TryAdd(name, value))
            return;
        if (values[name] is PlanList list && value is PlanList more)
            list.Values.AddRange(more.Values);
    }

    public void Add(string name, string text) => Add(name, new PlanScalar(text));

    public void Remove(string name) => values.Remove(name);

    /// <summary>Puts the value in place of what was there.</summary>
    public void Set(string name, string text) => values[name] = new PlanScalar(text);

    public string? Text(string name) => this[name] is PlanScalar scalar ? scalar.Text : null;

    public bool Flag(string name) => Text(name) is { } text && string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A figure, never negative and never beyond what arithmetic on it can bear; null where there is none.</summary>
    public double? Number(string name)
    {
        const double Most = 1e18;
        if (Text(name) is not { } text || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number))
            return null;
        return Math.Clamp(number, 0, Most);
    }

    public PlanGroup? Group(string name) => this[name] as PlanGroup;

    /// <summary>The groups of a list.</summary>
    public IEnumerable<PlanGroup> Items(string name) => this[name] is PlanList list ? list.Values.OfType<PlanGroup>() : [];

    /// <summary>The texts of a list; a single text where a list was expected is a list of one.</summary>
    public IEnumerable<string> Strings(string name) => this[name] switch
    {
        PlanList list => list.Values.OfType<PlanScalar>().Select(v => v.Text),
        PlanScalar scalar => [scalar.Text],
        _ => [],
    };

    /// <summary>The list of that name, made where there is none.</summary>
    public PlanList List(string name)
    {
        if (this[name] is PlanList list)
            return list;
        list = new PlanList();
        values[name] = list;
        return list;
    }
}
