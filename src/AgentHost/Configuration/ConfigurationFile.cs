using System.Text;
using System.Text.Json;

namespace AgentHost.Configuration;

/// <summary>Reads <c>agenthost.json</c> strictly: what it does not know it refuses, with line and column.</summary>
internal static class ConfigurationFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "agenthost.json";

    private const int MaxBytes = 1 << 20;

    /// <exception cref="ConfigurationException">The file cannot be read, is not JSON, or holds a key or value that is not known.</exception>
    public static Settings Read(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new ConfigurationException($"{path} is larger than 1 MB; it cannot be a configuration.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {failure.Message}", failure);
        }
        return Parse(bytes, path);
    }

    /// <summary>Reads the text of a configuration; <paramref name="path"/> is for messages.</summary>
    public static Settings Parse(ReadOnlySpan<byte> json, string path)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            var settings = new ConfigurationReader(path, json.ToArray()).Read(ref reader);
            reader.Read();
            return settings;
        }
        catch (JsonException broken)
        {
            throw new ConfigurationException(
                $"{path}:{broken.LineNumber + 1}:{broken.BytePositionInLine + 1}: not valid JSON: {broken.Message.Split(" LineNumber:", 2)[0]}", broken);
        }
    }
}
