namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>A manual as a folder of HTML: headings with their sections, terms with their definitions.</summary>
internal static class HtmlManual
{
    private const int FewestWords = 8, MostWords = 160;

    /// <param name="name">How the material is called.</param>
    /// <param name="folder">The folder; its subfolders are read, too.</param>
    /// <param name="textWeight">How much a neighbourhood of words counts here.</param>
    /// <param name="skipped">Beginnings of the names of files that hold no prose.</param>
    public static Material Read(string name, string folder, int textWeight, params string[] skipped)
    {
        var material = new Material(name, textWeight);
        var files = Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories).Select(f => (Path: f, Name: Path.GetRelativePath(folder, f)))
            .Where(f => !skipped.Any(s => f.Name.StartsWith(s, StringComparison.Ordinal))).OrderBy(f => f.Name, StringComparer.Ordinal);
        foreach (var file in files) ReadPage(material, $"{name}/{file.Name}", HtmlBlocks.Of(File.ReadAllText(file.Path)));
        return material;
    }

    private static void ReadPage(Material material, string group, List<Block> blocks)
    {
        var (title, heading, term) = ("", "", "");
        var (part, words, parts) = (new List<string>(), 0, 0);
        foreach (var block in blocks)
        {
            if (block.Kind == BlockKind.Text)
            {
                part.Add(block.Text);
                words += block.Text.Count(' ') + 1;
                if (words >= MostWords) Close();
                continue;
            }
            Close();
            parts = 0;
            if (block.Kind == BlockKind.Term) term = block.Text;
            else
            {
                (heading, term) = (block.Text, "");
                if (title.Length == 0) title = block.Text;
            }
        }
        Close();

        void Close()
        {
            var text = string.Join('\n', part);
            var count = words;
            var paragraphs = part.ToArray();
            part.Clear();
            words = 0;
            if (count == 0) return;
            if (paragraphs.Length > 1 && Math.Max(heading.Length, term.Length) > 0) material.AddCloze($"{group}#{(term.Length > 0 ? term : heading)}", title + " " + heading + " " + term, paragraphs);
            material.Texts.Add(string.Join('\n', new[] { heading, term, text }.Where(t => t.Length > 0)));
            if (count < FewestWords) return;
            parts++;
            var about = term.Length > 0 ? term : heading;
            if (about.Length == 0) return;
            material.Pairs.Add(new Pair($"{group}#{about}", parts > 1 || about.Length < 12 ? $"{title} {about}" : about, text));
        }
    }
}
