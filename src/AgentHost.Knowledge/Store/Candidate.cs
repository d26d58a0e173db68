using System.Collections.Immutable;

namespace AgentHost.Knowledge.Store;

/// <summary>A word of the query or an exact name in it, as the store knows it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rarity">The logarithm of how few pieces hold it.</param>
internal readonly record struct Term(TermKind Kind, double Rarity);

/// <summary>What a term is, and where it is looked for.</summary>
internal enum TermKind
{
    /// <summary>A word, stemmed.</summary>
    Word,

    /// <summary>An exact name, anywhere.</summary>
    Name,

    /// <summary>An exact name, in a section's heading.</summary>
    HeadingName,

    /// <summary>Neighbouring words that make an exact name.</summary>
    SpeltName,

    /// <summary>The same in a heading.</summary>
    SpeltHeadingName,
}

/// <summary>A piece that may answer: a section, or a line in which its page is asked for.</summary>
/// <param name="Chunk">Its number.</param>
/// <param name="IsAsked">Whether it is an asked line.</param>
/// <param name="Cosine">How near it is to the question; 0 where it has no vector.</param>
/// <param name="Weights">For each term that it holds, the term's place in <see cref="Candidates.Terms"/> and its weight (rarity, times how often and where it stands).</param>
internal sealed record Piece(int Chunk, bool IsAsked, double Cosine, ImmutableArray<(int Term, double Weight)> Weights);

/// <summary>A page with those of its pieces that were found.</summary>
internal sealed record FoundPage(int Document, string Kind, bool IsBuiltIn, bool HasAsked, ImmutableArray<Piece> Pieces);

/// <summary>What a search has to rank.</summary>
/// <param name="Terms">The query's terms.</param>
/// <param name="Pages">The pages found.</param>
internal sealed record Candidates(ImmutableArray<Term> Terms, ImmutableArray<FoundPage> Pages);

/// <summary>The features of a page for a query, each from 0 to 1: what <see cref="Ranking"/> weighs.</summary>
internal sealed record Features(
    double SectionCosine, double AskedCosine, double SectionWords, double PageWords, double Coverage, double AskedWords, double SectionShare,
    double Names, double HeadingNames, double SpeltNames, double SpeltHeadingNames);

/// <summary>A page in its place.</summary>
/// <param name="Page">The page.</param>
/// <param name="Chunk">Its best section.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="IsNamed">Whether it holds an exact name from the question.</param>
internal sealed record RankedPage(FoundPage Page, int Chunk, double Score, bool IsNamed);
