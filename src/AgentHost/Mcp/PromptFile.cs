using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AgentHost.Mcp;

/// <summary>Reads <c>prompts/*.yaml</c>.</summary>
internal static class PromptFile
{
    /// <summary>The prompts of a folder, by file name.</summary>
    public static ImmutableArray<PromptTemplate> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(Read)];

    /// <exception cref="InvalidDataException">The file is not a prompt.</exception>
    public static PromptTemplate Read(string path)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(path))
            yaml.Load(text);
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new InvalidDataException($"{path} is not a prompt: one YAML mapping is expected.");
        var format = Text(root, "template_format") ?? "semantic-kernel";
        if (format is not ("semantic-kernel" or "handlebars"))
            throw new InvalidDataException($"{path}: template_format must be semantic-kernel or handlebars, not '{format}'.");
        var variables = root.Children.TryGetValue("input_variables", out var list) && list is YamlSequenceNode sequence ? sequence.Children : [];
        return new PromptTemplate(
            Text(root, "name") ?? throw new InvalidDataException($"{path} has no name."),
            Text(root, "description") ?? "",
            Text(root, "template") ?? throw new InvalidDataException($"{path} has no template."),
            [.. variables.OfType<YamlMappingNode>().Select(variable => new PromptVariable(
                Text(variable, "name") ?? throw new InvalidDataException($"{path}: an input variable has no name."),
                Text(variable, "description") ?? "",
                Text(variable, "default") ?? "",
                Text(variable, "is_required") == "true"))]);
    }

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlScalarNode scalar ? scalar.Value : null;
}
