using System.Text.Json;
using AgentHost.Skills;

namespace AgentHost.Mcp;

/// <summary>The arguments of a call, read strictly: what is unknown or of a wrong type is refused in words that a model can act on.</summary>
internal sealed class ToolArguments
{
    private readonly string tool;
    private readonly IReadOnlyDictionary<string, object?> values;

    /// <exception cref="SkillInputException">An argument is not in the tool's schema, or a required one is missing.</exception>
    public ToolArguments(ToolCard card, IReadOnlyDictionary<string, object?> values)
    {
        tool = card.Name;
        this.values = values;
        var known = card.InputSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToArray();
        if (values.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new SkillInputException($"{tool} has no argument '{unknown}'. Its arguments: {string.Join(", ", known)}.");
        if (!card.InputSchema.TryGetProperty("required", out var required))
            return;
        foreach (var name in required.EnumerateArray().Select(e => e.GetString()!).Where(name => IsAbsent(name)))
            throw new SkillInputException($"{tool} needs the argument '{name}'.");
    }

    /// <summary>The text of an argument, or null where it is absent.</summary>
    public string? Text(string name) => IsAbsent(name) ? null : values[name] switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => ReadString(element, name),
        _ => throw WrongType(name, "a string"),
    };

    /// <summary>The text of a required argument.</summary>
    public string RequiredText(string name) =>
        Text(name) ?? throw new SkillInputException($"{tool} needs the argument '{name}'.");

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, or null where it is absent.</summary>
    public int? Number(string name, int least, int most)
    {
        if (IsAbsent(name))
            return null;
        var number = values[name] switch
        {
            int value => value,
            JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetInt32(out var value) => value,
            _ => throw WrongType(name, $"a whole number from {least} to {most}"),
        };
        return number >= least && number <= most ? number : throw WrongType(name, $"a whole number from {least} to {most}");
    }

    /// <summary>A switch; false where it is absent.</summary>
    public bool Flag(string name, bool otherwise = false) => IsAbsent(name) ? otherwise : values[name] switch
    {
        bool value => value,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => throw WrongType(name, "true or false"),
    };

    /// <summary>A list of strings; empty where it is absent. A single string counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string name) => IsAbsent(name) ? [] : values[name] switch
    {
        string text => [text],
        IEnumerable<string> texts => [.. texts],
        JsonElement { ValueKind: JsonValueKind.String } element => [ReadString(element, name)],
        JsonElement { ValueKind: JsonValueKind.Array } array when array.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
            [.. array.EnumerateArray().Select(e => ReadString(e, name))],
        _ => throw WrongType(name, "a list of strings"),
    };

    /// <summary>One of <paramref name="allowed"/>, or null where it is absent.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        return text is null || allowed.Contains(text) ? text : throw WrongType(name, "one of " + string.Join(", ", allowed.ToArray()));
    }

    private bool IsAbsent(string name) =>
        !values.TryGetValue(name, out var value) || value is null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };

    private string ReadString(JsonElement element, string name)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new SkillInputException($"{tool}: argument '{name}' is not valid text: it holds half a surrogate pair or bytes that are not UTF-8.", broken);
        }
    }

    private SkillInputException WrongType(string name, string wanted) => new($"{tool}: argument '{name}' must be {wanted}.");
}
