namespace AgentHost.Knowledge.Store;

/// <summary>How the features of a page make its score: each feature is between 0 and 1, each weight says how much it counts. All that can be tuned is here.</summary>
internal sealed record Ranking
{
    /// <summary>The weights in use.</summary>
    public static Ranking Default { get; } = new();

    /// <summary>The best cosine of the page's sections.</summary>
    public double SectionCosine { get; init; } = 1;

    /// <summary>The best cosine of the lines in which the page is asked for.</summary>
    public double AskedCosine { get; init; } = 1.5;

    /// <summary>The words of the page's best section: each counts by its rarity, times how often and where it stands (PostgreSQL's ts_rank, which knows headings from text).</summary>
    public double SectionWords { get; init; } = 0.5;

    /// <summary>The same over the whole page, each word where it stands best.</summary>
    public double PageWords { get; init; } = 0.4;

    /// <summary>The share (by rarity) of the question's words that the page holds, in whatever section or asked line.</summary>
    public double Coverage { get; init; } = 0.4;

    /// <summary>The share of the question's words in the page's best asked line.</summary>
    public double AskedWords { get; init; } = 0.4;

    /// <summary>How far a section stands in for an asked line in a page that has none, as what was ingested.</summary>
    public double StandIn { get; init; } = 0.8;

    /// <summary>The share of the exact names of the question (<c>wal_level</c>, <c>42P07</c>) that a section of the page holds.</summary>
    public double Names { get; init; } = 0.5;

    /// <summary>The same, in a section's heading: there the name is explained.</summary>
    public double HeadingNames { get; init; } = 0.3;

    /// <summary>How much a name counts that is written with spaces or hyphens, against one that is written as it is.</summary>
    public double SpeltNames { get; init; } = 0.35;

    /// <summary>Between pages that match alike, one on the subject comes before how to call a tool …</summary>
    public double SkillFactor { get; init; } = 0.8;

    /// <summary>… and our page before what was ingested.</summary>
    public double IngestedFactor { get; init; } = 0.9;

    /// <summary>The least score of the first page with which a question is answered; below it no page is about it, unless it holds an exact name from the question.</summary>
    public double Enough { get; init; } = 0.33;

    /// <summary>The same for a page without asked lines, whose score is less for that.</summary>
    public double EnoughWithoutAsked { get; init; } = 0.25;

    /// <summary>The share of the first page's score below which a page is left out.</summary>
    public double Related { get; init; } = 0.4;

    /// <summary>What a page is given that is first by everything but exact names, which come on top.</summary>
    public double Best => SectionCosine + AskedCosine + SectionWords + PageWords + Coverage + AskedWords;
}
