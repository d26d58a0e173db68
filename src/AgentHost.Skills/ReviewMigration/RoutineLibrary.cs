using System.Collections.Concurrent;
using AgentHost.Sql;
using AgentHost.Sql.Routines;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration;

/// <summary>The functions and procedures of the schema, whose bodies are read when a migration calls them. Safe for concurrent use.</summary>
internal sealed class RoutineLibrary
{
    private readonly Dictionary<string, List<(CreateFunction Function, Script Script)>> definitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CreateFunction, KnownRoutine?> read = new(ReferenceEqualityComparer.Instance);

    public RoutineLibrary(IEnumerable<Script> scripts)
    {
        foreach (var script in scripts)
        {
            foreach (var function in script.Statements.OfType<CreateFunction>())
            {
                if (!definitions.TryGetValue(function.Name.Name, out var same))
                    definitions.Add(function.Name.Name, same = []);
                same.RemoveAll(other => other.Function.Name == function.Name && other.Function.Arguments.SequenceEqual(function.Arguments));
                same.Add((function, script));
            }
        }
    }

    /// <summary>The function of that name; null where there is none, or where several could be meant.</summary>
    public KnownRoutine? Find(QualifiedName name) =>
        definitions.TryGetValue(name.Name, out var same) && same.Where(one => name.Schema is null || one.Function.Name.Schema is null || one.Function.Name.Schema == name.Schema).ToList() is [var only]
            ? read.GetOrAdd(only.Function, _ => Read(only.Function, only.Script))
            : null;

    private static KnownRoutine? Read(CreateFunction function, Script script)
    {
        try
        {
            // By itself, so that a schema of a thousand functions is not read for the sake of one.
            var alone = SqlParser.Parse(script.TextOf(function));
            return alone.Statements is [CreateFunction copy] ? new(copy, EmbeddedCode.Read(alone)) : null;
        }
        catch (SqlInputException)
        {
            return null; // parsed in its script, but not by itself: what it does stays unseen, which the review says
        }
    }
}

/// <summary>A routine and the code that its body is part of.</summary>
internal sealed record KnownRoutine(CreateFunction Function, EmbeddedCode Code);
