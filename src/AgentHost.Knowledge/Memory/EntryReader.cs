using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentHost.Knowledge.Memory;

/// <summary>Reads one section of a memory file.</summary>
internal sealed partial class EntryReader(MemoryKind kind, string file, int firstLine, ImmutableArray<MemoryProblem>.Builder problems)
{
    private const string Example = "## D-20261121-7f3ak2: Title";

    /// <summary>The entry, or null where the heading has no id or no title.</summary>
    public MemoryEntry? Read(ArraySegment<string> section)
    {
        var heading = EntryFormat.Heading().Match(section[0]);
        if (!heading.Success)
            return Problem(0, $"A heading without an id is not an entry. Write it as '{Example.Replace('D', EntryFormat.Letter(kind))}', or let `agenthost remember` write it.");
        var id = heading.Groups["id"].Value;
        var title = EntryText.Line(heading.Groups["title"].Value);
        if (title.Length == 0) return Problem(0, $"The entry {id} has no title. Write one behind the colon.");
        if (char.ToUpperInvariant(id[0]) != EntryFormat.Letter(kind))
            return Problem(0, $"The id {id} does not belong into {file}: ids here begin with {EntryFormat.Letter(kind)}-. Move the entry or change its id.");

        var entry = new MemoryEntry(id, kind, title, "", [], [], EntryFormat.FirstStatus(kind), DateOfId(id), "unknown") { File = file, Line = firstLine };
        var body = 1;
        while (body < section.Count && string.IsNullOrWhiteSpace(section[body])) body++;
        for (; body < section.Count && FieldLine().Match(section[body]) is { Success: true } field; body++)
            entry = With(entry, body, field.Groups["key"].Value.ToLowerInvariant(), field.Groups["value"].Value.Trim());
        entry = entry with { Text = EntryText.Body(string.Join('\n', section.Skip(body).Select(EntryText.Unescape))) };
        return Checked(entry);
    }

    private MemoryEntry With(MemoryEntry entry, int offset, string key, string value)
    {
        switch (key)
        {
            case "when":
                if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var when))
                    return entry with { When = when };
                Problem(offset, $"'{value}' is not a time. Write it as 2026-11-21T14:40:00Z.");
                return entry;
            case "until":
                if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until))
                    return entry with { Until = until };
                Problem(offset, $"'{value}' is not a day, so the entry counts as ended. Write it as 2027-01-31.");
                return entry with { Until = DateOnly.MinValue };
            case "by": return entry with { By = value.Length == 0 ? entry.By : EntryText.Line(value) };
            case "status": return entry with { Status = value.Length == 0 ? entry.Status : EntryText.Line(value) };
            case "tags" or "tag": return entry with { Tags = EntryText.List([value]) };
            case "scope" or "scopes": return entry with { Scopes = EntryText.List([value]) };
            case "waives": return entry with { Waives = EntryText.List([value]) };
            case "supersedes": return entry with { Supersedes = EntryText.List([value]) };
            case "resolves": return entry with { Resolves = EntryText.List([value]) };
            case "because": return entry with { Because = EntryText.List([value]) };
            case "chooses": return entry with { Chooses = EntryText.ChoiceList([value]) };
            case "rejects": return entry with { Rejects = value.Length == 0 ? entry.Rejects : entry.Rejects.Add(EntryText.Line(value)) };
            default:
                Problem(offset, $"'{key}' is not a field of an entry (when, by, tags, scope, status, waives, until, supersedes, resolves, because, chooses, rejects). If it is text, put a blank line before it.");
                return entry;
        }
    }

    private MemoryEntry Checked(MemoryEntry entry)
    {
        foreach (var scope in entry.Scopes)
            if (ScopePattern.Read(scope) is null)
                Problem(0, $"The scope '{scope}' of {entry.Id} names nothing. Write schema.table, table, schema.* or *.");
        if (entry.Waives.IsEmpty) return entry;
        if (kind != MemoryKind.Decision)
            Problem(0, $"{entry.Id} waives a rule, but only decisions can. Move it to {EntryFormat.FileName(MemoryKind.Decision)}.");
        else if (entry.Scopes.IsEmpty)
            Problem(0, $"{entry.Id} waives a rule but has no scope, so it waives nothing. Add a line such as '- scope: public.orders' ('*' for everywhere).");
        return entry;
    }

    private MemoryEntry? Problem(int offset, string message)
    {
        problems.Add(new MemoryProblem(file, firstLine + offset, message));
        return null;
    }

    // A hand-written entry without a time still has the day in its id, where the id has one.
    private static DateTimeOffset DateOfId(string id) =>
        id.Length >= 10 && DateTimeOffset.TryParseExact(id.AsSpan(2, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day : DateTimeOffset.UnixEpoch;

    [GeneratedRegex(@"^\s{0,3}[-*]\s+(?<key>[A-Za-z][A-Za-z\-]{0,30}):(?<value>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldLine();
}
