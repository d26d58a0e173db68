using System.Collections.Immutable;
using AgentHost.Sql;
using AgentHost.Sql.Statements;

namespace AgentHost.Postgres.Observation;

/// <summary>A run of statements that stand or fall together.</summary>
/// <param name="Statements">Their places in the script, without the BEGIN and COMMIT around them.</param>
/// <param name="IsTransaction">Whether they are one transaction; else each is its own.</param>
/// <param name="IsPlain">Whether the transaction is committed and has no savepoints, so that its statements may as well be looked at one by one.</param>
/// <param name="Frame">The places of its BEGIN and COMMIT.</param>
internal sealed record MigrationGroup(ImmutableArray<int> Statements, bool IsTransaction, bool IsPlain, ImmutableArray<int> Frame)
{
    /// <summary>Cuts a script at its BEGIN and COMMIT as a runner with or without a transaction of its own meets them.</summary>
    public static IEnumerable<MigrationGroup> Of(Script script, bool inTransaction)
    {
        var statements = ImmutableArray.CreateBuilder<int>();
        var frame = ImmutableArray.CreateBuilder<int>();
        var (within, plain) = (inTransaction, true);
        for (var i = 0; i < script.Statements.Length; i++)
        {
            switch (script.Statements[i])
            {
                case TransactionControl { Verb: TransactionVerb.Begin } when within:
                    frame.Add(i); // PostgreSQL warns, and goes on
                    break;
                case TransactionControl { Verb: TransactionVerb.Begin }:
                    yield return Take(false);
                    frame.Add(i);
                    within = true;
                    break;
                case TransactionControl { Verb: TransactionVerb.Commit or TransactionVerb.Rollback or TransactionVerb.Prepare } end:
                    frame.Add(i);
                    plain &= end.Verb == TransactionVerb.Commit;
                    yield return Take(within);
                    within = end.Chain;
                    break;
                case TransactionControl:
                    plain = false;
                    statements.Add(i);
                    break;
                default:
                    statements.Add(i);
                    break;
            }
        }

        yield return Take(within);

        MigrationGroup Take(bool isTransaction)
        {
            var group = new MigrationGroup(statements.ToImmutable(), isTransaction, plain, frame.ToImmutable());
            statements.Clear();
            frame.Clear();
            plain = true;
            return group;
        }
    }
}
