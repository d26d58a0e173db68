using System.CommandLine;
using AgentHost.Postgres.Catalog;
using AgentHost.Skills;

namespace AgentHost.Cli;

/// <summary><c>agenthost twin</c>.</summary>
internal static class TwinCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "The file to write", HelpName = "FILE", Required = true };
        var command = new Command("twin", "Write a database's schema and sizes, without its rows, to a file") { Options.Target, Options.Dsn, output, Options.Format };
        command.SetAction((parse, cancellation) => Session.RunAsync(parse, async (session, stop) =>
        {
            await using var target = await session.ConnectAsync(parse, stop) ?? throw new SkillInputException("Name the database: --target NAME or --dsn URL.");
            var snapshot = await CatalogReader.ReadAsync(target, statistics: true, stop);
            var path = parse.GetValue(output)!;
            // Written beside and moved, so that a failure leaves no half of a file under the name.
            var draft = $"{path}.{Guid.NewGuid():N}.tmp";
            try
            {
                await using (var file = new FileStream(draft, FileMode.CreateNew))
                    await CatalogSnapshotFile.WriteAsync(file, snapshot, stop);
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

            session.Write(
                new WrittenTwin(path, snapshot.Database, snapshot.ServerVersionNum, snapshot.TakenAt, snapshot.Relations.Length, [.. snapshot.Notes]),
                (written, _) => $"{written.Path}: {written.Relations} tables of {written.Database}, PostgreSQL {written.ServerVersionNum / 10000}\n" + string.Concat(written.Notes.Select(note => $"note: {note}\n")));
            return Session.Clean;
        }, cancellation));
        return command;
    }
}

/// <summary>What was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Database">The database's name.</param>
/// <param name="ServerVersionNum">The server's version, as 170011.</param>
/// <param name="TakenAt">When it was read, by the server's clock.</param>
/// <param name="Relations">How many tables, partitioned tables and materialized views there are.</param>
/// <param name="Notes">What was not read.</param>
internal sealed record WrittenTwin(string Path, string Database, int ServerVersionNum, DateTimeOffset TakenAt, int Relations, IReadOnlyList<string> Notes);
