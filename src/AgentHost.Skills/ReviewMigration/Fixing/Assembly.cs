using System.Collections.Immutable;
using System.Text;
using AgentHost.Sql.Statements;

namespace AgentHost.Skills.ReviewMigration.Fixing;

/// <summary>A part of a migration: what one file holds.</summary>
/// <param name="Body">Its statements.</param>
/// <param name="IsOutside">Whether it must run outside of a transaction.</param>
internal sealed record Part(string Body, bool IsOutside);

/// <summary>Cuts the pieces of a migration where transactions must be cut.</summary>
internal static class Assembly
{
    /// <summary>A file that the runner wraps becomes several: each transaction, and each statement outside of one, is a file.</summary>
    public static ImmutableArray<Part> Files(IReadOnlyList<Piece> pieces, string? runner, string tail)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var settings = new CarriedSettings();
        var body = new StringBuilder();
        bool isOpen = false, mayBlock = false;
        foreach (var piece in InOrder(pieces))
        {
            string sql = RunnerDirectives.Guard(runner, piece.Sql);
            string leading = RunnerDirectives.Strip(piece.Leading);
            if (piece.Control is { Verb: TransactionVerb.Begin or TransactionVerb.Commit })
            {
                if (piece.Control.Verb == TransactionVerb.Commit)
                    Close();
                body.Append(leading); // BEGIN and COMMIT are the runner's
                continue;
            }

            if (piece.Setting is not null && !isOpen)
            {
                // Part of the next transaction, if there is one; by itself it would do nothing.
                body.Append(leading.Trim('\r', '\n') is { Length: > 0 } comment ? comment + "\n" : "");
                settings.Note(piece);
                continue;
            }

            if (piece.Run == FixRun.Outside)
            {
                Close();
                string set = settings.Outside();
                parts.Add(new Part(body.ToString() + leading.TrimStart('\r', '\n') + set + sql, true));
                body.Clear();
                continue;
            }

            if (piece.Run is FixRun.Fresh or FixRun.Last && mayBlock)
                Close();
            if (!isOpen)
            {
                body.Append(settings.Inside(localOnly: false)).Append(leading.TrimStart('\r', '\n'));
            }
            else
            {
                body.Append(leading);
            }

            body.Append(sql);
            (isOpen, mayBlock) = (true, mayBlock || piece.MayBlock);
            settings.Note(piece);
        }

        Close(tail);
        return parts.ToImmutable();

        void Close(string rest = "")
        {
            if (isOpen)
            {
                parts.Add(new Part(body.ToString() + rest, false));
                body.Clear();
            }
            else if (parts.Count > 0 && !string.IsNullOrWhiteSpace(rest + body))
            {
                parts[^1] = parts[^1] with { Body = parts[^1].Body + body + rest };
                body.Clear();
            }

            (isOpen, mayBlock) = (false, false);
        }
    }

    /// <summary>A file that cares for its transactions stays one; its blocks are cut by COMMIT and BEGIN.</summary>
    public static string OneFile(IReadOnlyList<Piece> pieces, string? runner, string tail)
    {
        var text = new StringBuilder();
        var settings = new CarriedSettings();
        string begin = "";
        string beginSql = "";
        bool isBlock = false, isOpen = false, mayBlock = false, wasOpen = false;
        var ordered = InOrder(pieces).ToList();
        for (int i = 0; i < ordered.Count; i++)
        {
            var piece = ordered[i];
            bool isBound = piece.IsAtomic && !isBlock, binds = !isBlock && i + 1 < ordered.Count && ordered[i + 1].IsAtomic;
            string sql = piece.IsVerbatim ? piece.Sql : RunnerDirectives.Guard(runner, piece.Sql);
            switch (piece.Control?.Verb)
            {
                case TransactionVerb.Begin when !isBlock:
                    (begin, beginSql, isBlock, isOpen, wasOpen, mayBlock) = (piece.Leading + piece.Sql, piece.Sql, true, false, false, false);
                    continue;
                case TransactionVerb.Commit or TransactionVerb.Rollback or TransactionVerb.Prepare when isBlock:
                    if (isOpen || !wasOpen)
                        text.Append(isOpen ? "" : begin).Append(piece.Leading).Append(piece.Sql);
                    else
                        text.Append(piece.Leading.TrimEnd());
                    (isBlock, isOpen) = (false, false);
                    settings.EndTransaction();
                    continue;
            }

            if (isBlock && piece.Run != FixRun.Joins && isOpen && (piece.Run == FixRun.Outside || mayBlock))
            {
                text.Append("\nCOMMIT;");
                isOpen = false;
            }

            if (isBlock && piece.Run == FixRun.Outside)
            {
                text.Append(wasOpen ? "" : begin[..begin.LastIndexOf(beginSql, StringComparison.Ordinal)]);
                wasOpen = true;
            }
            else if (isBlock && !isOpen)
            {
                text.Append(wasOpen ? "\nBEGIN;\n" + settings.Inside(localOnly: true).TrimEnd() : begin);
                (isOpen, wasOpen, mayBlock) = (true, true, false);
            }

            text.Append(piece.Leading).Append(binds && !isBound ? "BEGIN;\n" : "").Append(sql).Append(isBound && !binds ? "\nCOMMIT;" : "");
            mayBlock |= piece.MayBlock;
            settings.Note(piece);
        }

        return text.Append(tail).ToString();
    }

    /// <summary>The pieces, those that may run last behind all others.</summary>
    private static IEnumerable<Piece> InOrder(IReadOnlyList<Piece> pieces) =>
        pieces.Where(piece => piece.Run != FixRun.Last).Concat(pieces.Where(piece => piece.Run == FixRun.Last));
}
