using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AgentHost.Postgres.Catalog;
using AgentHost.Postgres.Twins;
using AgentHost.Skills;
using AgentHost.Workspaces;

namespace AgentHost.Cli;

/// <summary><c>agenthost twin</c>.</summary>
internal static class TwinCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var output = new Option<string?>("--out") { Description = "The file to write", HelpName = "FILE" };
        var redact = new Option<bool>("--redact") { Description = "Put other values of the same order in the place of the statistics' own" };
        var schema = new Option<string?>("--schema") { Description = "Instead of a database: its schema as SQL, a file, a folder or - for stdin", HelpName = "PATH|-" };
        var command = new Command("twin", "Write what a planner knows of a database, without its rows, to a file")
        {
            Options.Target, Options.Dsn, schema, Options.Rows, redact, output, Options.Format, Difference(),
        };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var path = parse.GetValue(output) ?? throw new SkillInputException("Name the file to write: --out FILE.");
            var snapshot = await ReadAsync(session, parse, schema, stop);
            if (parse.GetValue(redact))
                snapshot = Redaction.Of(snapshot);
            await WriteAsync(path, draft => CatalogSnapshotFile.WriteAsync(draft, snapshot, stop));
            var key = snapshot.RedactionKey is null ? null : SnapshotFile.KeyOf(path);
            if (key is not null)
                await WriteAsync(key, draft => draft.WriteAsync(System.Text.Encoding.ASCII.GetBytes(snapshot.RedactionKey + "\n"), stop).AsTask());
            session.Write(
                new WrittenTwin(path, key, snapshot.Database, snapshot.ServerVersionNum, snapshot.TakenAt, snapshot.Relations.Length, new FileInfo(path).Length, [.. snapshot.Notes]),
                (written, _) => $"{written.Path}: {written.Relations} tables of {written.Database}, PostgreSQL {written.ServerVersionNum / 10000}, {written.Bytes / 1024 + 1:N0} kB\n" + (written.Key is { } secret ? $"{secret}: its key. Beside it, queries cost what they cost on the original; whoever has both can read texts back. Keep it where the data may be.\n" : "") + string.Concat(written.Notes.Select(note => $"note: {note}\n")));
            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static Command Difference()
    {
        var before = new Argument<string>("before") { Description = "The earlier snapshot" };
        var after = new Argument<string>("after") { Description = "The later one" };
        var command = new Command("diff", "What changed between two snapshots") { before, after, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            var (old, now) = (await SnapshotAsync(parse.GetValue(before)!, stop), await SnapshotAsync(parse.GetValue(after)!, stop));
            try
            {
                session.Write(SnapshotDifference.Between(old, now), Render);
            }
            catch (SnapshotFileException failure)
            {
                throw new SkillInputException(failure.Message, failure);
            }

            return Session.Clean;
        }, cancellation));
        return command;
    }

    private static async Task<CatalogSnapshot> ReadAsync(Session session, ParseResult parse, Option<string?> schema, CancellationToken stop)
    {
        if (parse.GetValue(schema) is { } path)
            return await DerivedSchema.ReadAsync(await Session.ReadScriptsAsync(path, stop), parse.GetValue(Options.Rows) ?? [], stop);
        await using var target = await session.ConnectAsync(parse, stop) ?? throw new SkillInputException("Name the database: --target NAME or --dsn URL; or give its schema: --schema PATH.");
        return await CatalogReader.ReadAsync(target, statistics: true, stop);
    }

    private static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        // Written beside and moved, so that a failure leaves no half of a file under the name.
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows() && path.EndsWith(".key", StringComparison.Ordinal))
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(draft, options))
                await write(file);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SkillInputException($"'{path}' cannot be written: {failure.Message}", failure);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    internal static async Task<CatalogSnapshot> SnapshotAsync(string path, CancellationToken stop) =>
        await SnapshotFile.TryReadAsync(path, path, stop) ?? throw new SkillInputException(File.Exists(path) ? $"'{path}' is no snapshot. Make one with agenthost twin." : $"'{path}' is not there.");

    /// <summary>What changed in the schema: of a table that both have the lines that differ, else whole statements.</summary>
    private static IEnumerable<string> Schema(SnapshotDifference difference)
    {
        static string First(string statement) => statement.Split('\n')[0];
        static bool IsTable(string statement) => First(statement).EndsWith('(') && statement.StartsWith("CREATE TABLE ", StringComparison.Ordinal);
        static List<string> Lines(string statement) => [.. statement.Split('\n').Skip(1).Select(line => line.Trim().TrimEnd(','))];
        static string OneLine(string statement) => string.Join(' ', statement.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        var now = difference.Added.Where(IsTable).DistinctBy(First).ToDictionary(First, StringComparer.Ordinal);
        foreach (var statement in difference.Removed)
        {
            if (!IsTable(statement) || !now.Remove(First(statement), out var changed))
            {
                yield return "- " + OneLine(statement);
                continue;
            }

            yield return "~ " + First(statement).TrimEnd('(', ' ');
            foreach (var line in Lines(statement).Except(Lines(changed), StringComparer.Ordinal).Select(line => "  - " + line).Concat(Lines(changed).Except(Lines(statement), StringComparer.Ordinal).Select(line => "  + " + line)))
                yield return line;
        }

        foreach (var statement in difference.Added.Where(s => !IsTable(s) || now.ContainsKey(First(s))))
            yield return "+ " + OneLine(statement);
    }

    private static string Render(SnapshotDifference difference, int? width)
    {
        if (difference.IsEmpty)
            return "Nothing that matters to a plan changed.\n";
        var text = new System.Text.StringBuilder();
        void Part(string title, ImmutableArray<string> lines, string mark)
        {
            const int Most = 30;
            if (lines.IsEmpty)
                return;
            text.Append(CultureInfo.InvariantCulture, $"{title}\n");
            foreach (var line in lines.Take(Most))
                text.Append(CultureInfo.InvariantCulture, $"  {mark}{(line.Length > 200 ? line[..200] + "…" : line).ReplaceLineEndings(" ")}\n");
            if (lines.Length > Most)
                text.Append(CultureInfo.InvariantCulture, $"  … and {lines.Length - Most} more (--format json lists all)\n");
        }

        Part("schema", [.. Schema(difference)], "");
        Part("settings", difference.Settings, "");
        Part("sizes", difference.Tables, "");
        Part("statistics", difference.Columns, "");
        return text.ToString();
    }
}

/// <summary>What was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Key">The file that holds the key of a redacted one; null for others.</param>
/// <param name="Database">The database's name.</param>
/// <param name="ServerVersionNum">The server's version, as 170011.</param>
/// <param name="TakenAt">When it was read, by the server's clock.</param>
/// <param name="Relations">How many tables, partitioned tables and materialized views there are.</param>
/// <param name="Bytes">How large the file is.</param>
/// <param name="Notes">What was not read.</param>
internal sealed record WrittenTwin(string Path, string? Key, string Database, int ServerVersionNum, DateTimeOffset TakenAt, int Relations, long Bytes, IReadOnlyList<string> Notes);
