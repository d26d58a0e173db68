using System.Collections.Immutable;
using System.Text;

namespace AgentHost.Mcp;

/// <summary>A prompt in Semantic Kernel's YAML schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Template">Its text with <c>{{$variable}}</c> (semantic-kernel) or <c>{{variable}}</c> (handlebars) in it.</param>
/// <param name="Variables">What it takes.</param>
internal sealed record PromptTemplate(string Name, string Description, string Template, ImmutableArray<PromptVariable> Variables)
{
    /// <summary>The text with every variable in its place. What a value says is not expanded again.</summary>
    public string Render(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        for (var position = 0; position < Template.Length;)
        {
            var open = Template.IndexOf("{{", position, StringComparison.Ordinal);
            var close = open < 0 ? -1 : Template.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
                return text.Append(Template, position, Template.Length - position).ToString().Trim();
            var name = Template[(open + 2)..close].Trim().TrimStart('$');
            text.Append(Template, position, open - position).Append(values.TryGetValue(name, out var value) ? value : Default(name));
            position = close + 2;
        }
        return text.ToString().Trim();
    }

    private string Default(string name) => Variables.FirstOrDefault(variable => variable.Name == name)?.Default ?? "";
}

/// <summary>A variable of a prompt.</summary>
internal sealed record PromptVariable(string Name, string Description, string Default, bool IsRequired);
