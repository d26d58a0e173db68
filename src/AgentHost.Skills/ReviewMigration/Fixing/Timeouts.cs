using AgentHost.Knowledge.Memory;
using AgentHost.Skills.ReviewMigration.Rules;
using AgentHost.Sql;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>Sets a lock_timeout before each statement that would queue for a lock without one.</summary>
internal static class Timeouts
{
    /// <summary>How many are set in one file, at most.</summary>
    private const int Most = 50;

    private static readonly MissingLockTimeout Rule = new();

    /// <summary>The text with what is missing.</summary>
    public static string Insert(string name, string text, SchemaModel schema, ReviewRequest request, Waivers? waivers, RoutineLibrary? library)
    {
        if (!request.Selects(Rule))
            return text;
        for (int i = 0; i < Most; i++)
        {
            var file = MigrationFile.Read(new MigrationSource(name, text));
            var script = PartialScript.Parse(file.UpText);
            var replay = MigrationReplay.Run(file, script.Script, schema, request.PgVersion, request.Transaction, script.Refused, library);
            var found = InlineIgnore.Waive(InlineIgnore.ReadAll(file.UpText), Rule.Judge(replay), script.Script).Select(finding => ReviewMemory.Waive(waivers, finding));
            if (found.FirstOrDefault(finding => finding.WaivedBy is null) is not { Fix: { } fix, StatementIndex: var index } || replay.ScriptStatements.ElementAt(index) is { Settings.HasLockTimeout: true })
                return text;
            text = text.Insert(script.Script.Statements[index].Span.Start, fix.Sql + "\n");
        }

        return text;
    }
}
