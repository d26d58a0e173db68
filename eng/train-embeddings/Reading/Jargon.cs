using System.IO.Compression;

namespace AgentHost.TrainEmbeddings.Reading;

/// <summary>The Jargon File in dict's format (public domain): how people who run computers talk. An entry begins at the margin, its text is indented.</summary>
internal static class Jargon
{
    public static Material Read(string file, int textWeight)
    {
        var material = new Material("jargon", textWeight);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var (term, text) = ("", new List<string>());
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                Close();
                term = line;
            }
            else text.Add(line.Trim());
        }
        Close();
        return material;

        void Close()
        {
            var definition = string.Join('\n', text).Trim();
            text.Clear();
            if (term.Length == 0 || definition.Length < 40) return;
            material.Texts.Add(term + "\n" + definition);
            material.Pairs.Add(new Pair("jargon/" + term, term, definition.Length > 800 ? definition[..800] : definition));
        }
    }
}
