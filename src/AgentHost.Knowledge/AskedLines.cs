using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentHost.Knowledge;

/// <summary>Reads a skill's <c>asked.yaml</c>: for a page's slug, lines in which people ask for it.</summary>
internal static class AskedLines
{
    /// <param name="path">For messages.</param>
    /// <param name="yaml">The file's text; empty for none.</param>
    /// <exception cref="KnowledgeException">It is not a map of slugs to lists of lines.</exception>
    public static Dictionary<string, ImmutableArray<string>> Parse(string path, string yaml)
    {
        var asked = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is not [{ RootNode: var root }, ..]) return asked;
            if (root is not YamlMappingNode map) throw Fault(path, root, "the file must map slugs to lists of lines");
            foreach (var (slug, lines) in map.Children)
            {
                if (slug is not YamlScalarNode { Value: { Length: > 0 } name } || lines is not YamlSequenceNode list || list.Children.Any(line => line is not YamlScalarNode { Value.Length: > 0 }))
                    throw Fault(path, slug, "a slug must have a list of lines");
                asked[name] = [.. list.Children.Select(line => ((YamlScalarNode)line).Value!.Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal)];
            }
            return asked;
        }
        catch (YamlException e)
        {
            throw new KnowledgeException($"{path} cannot be read as YAML: {e.Message} (line {e.Start.Line})", e);
        }
    }

    private static KnowledgeException Fault(string path, YamlNode node, string what) => new($"{path}, line {node.Start.Line}: {what}.");
}
