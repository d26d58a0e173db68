namespace AgentHost.Sql.Parsing;

/// <summary>What a token is, as far as spans need it.</summary>
internal enum TokenKind : byte { Word, QuotedIdentifier, String, Number, Parameter, Symbol }

/// <summary>A token of the source text.</summary>
/// <param name="Start">Offset of its first character in UTF-16 code units.</param>
/// <param name="End">Offset behind its last character.</param>
/// <param name="Depth">How many brackets are open around it; a bracket itself stands outside the pair that it opens or closes.</param>
/// <param name="Kind">What it is. A <see cref="TokenKind.Symbol"/> is always one character long: <c>::</c> is two.</param>
internal readonly record struct Token(int Start, int End, int Depth, TokenKind Kind);
