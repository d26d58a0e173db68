using System.Collections.Immutable;

namespace AgentHost.Knowledge.Store;

/// <summary>Puts pages in order by their features.</summary>
internal static class Ranker
{
    /// <summary>The pages that answer, best first; none where none answers.</summary>
    public static ImmutableArray<RankedPage> Rank(IReadOnlyCollection<Candidates> found, Ranking ranking)
    {
        var ranked = found.SelectMany(f => f.Pages.Where(page => page.Pieces.Any(p => !p.IsAsked)).Select(page => Score(page, f.Terms, ranking)))
            .OrderByDescending(r => r.Score).ThenBy(r => r.Page.Document).ToList();
        return ranked is [var best, ..] && (best.IsNamed || best.Score >= (best.Page.HasAsked ? ranking.Enough : ranking.EnoughWithoutAsked)) ? [.. ranked.TakeWhile(r => r.Score >= best.Score * ranking.Related)] : [];
    }

    /// <summary>The features of a page.</summary>
    public static Features FeaturesOf(FoundPage page, ImmutableArray<Term> terms)
    {
        var rarities = Math.Max(terms.Where(t => t.Kind == TermKind.Word).Sum(t => t.Rarity), 1e-9);
        var sections = page.Pieces.Where(p => !p.IsAsked).ToList();
        var asked = page.Pieces.Where(p => p.IsAsked).ToList();
        return new Features(
            sections.Select(p => p.Cosine).DefaultIfEmpty().Max(), asked.Select(p => p.Cosine).DefaultIfEmpty().Max(),
            sections.Select(p => WordsOf(p, terms)).DefaultIfEmpty().Max() / rarities,
            Best(page.Pieces, terms).Sum(b => b.Weight) / rarities, Best(page.Pieces, terms).Sum(b => b.Rarity) / rarities,
            BestShare(asked) / rarities, BestShare(sections) / rarities,
            Share(TermKind.Name), Share(TermKind.HeadingName), Share(TermKind.SpeltName), Share(TermKind.SpeltHeadingName));

        double BestShare(IEnumerable<Piece> pieces) =>
            pieces.Select(p => p.Weights.Where(w => terms[w.Term].Kind == TermKind.Word).Sum(w => terms[w.Term].Rarity)).DefaultIfEmpty().Max();

        double Share(TermKind kind)
        {
            var all = terms.Where(t => t.Kind == kind).Sum(t => t.Rarity);
            return all == 0 ? 0 : sections.Select(p => p.Weights.Where(w => terms[w.Term].Kind == kind).Sum(w => terms[w.Term].Rarity)).DefaultIfEmpty().Max() / all;
        }
    }

    private static RankedPage Score(FoundPage page, ImmutableArray<Term> terms, Ranking ranking)
    {
        var f = FeaturesOf(page, terms);
        var sum = (ranking.SectionCosine * Math.Max(0, f.SectionCosine)) + (ranking.AskedCosine * (page.HasAsked ? Math.Max(0, f.AskedCosine) : ranking.StandIn * Math.Max(0, f.SectionCosine))) + (ranking.SectionWords * f.SectionWords)
            + (ranking.PageWords * f.PageWords) + (ranking.Coverage * f.Coverage) + (ranking.AskedWords * (page.HasAsked ? f.AskedWords : ranking.StandIn * f.SectionShare))
            + (ranking.Names * Math.Max(f.Names, ranking.SpeltNames * f.SpeltNames)) + (ranking.HeadingNames * Math.Max(f.HeadingNames, ranking.SpeltNames * f.SpeltHeadingNames));
        var factor = !page.IsBuiltIn ? ranking.IngestedFactor : page.Kind == "skill" ? ranking.SkillFactor : 1;
        return new RankedPage(page, page.Pieces.Where(p => !p.IsAsked).MaxBy(p => SectionScore(p, terms, ranking))!.Chunk, Math.Min(1, sum * factor / ranking.Best), f.Names > 0 || f.SpeltHeadingNames > 0);
    }

    private static double SectionScore(Piece piece, ImmutableArray<Term> terms, Ranking ranking)
    {
        var rarities = Math.Max(terms.Where(t => t.Kind == TermKind.Word).Sum(t => t.Rarity), 1e-9);
        var names = piece.Weights.Sum(w => terms[w.Term].Kind switch
        {
            TermKind.Name => ranking.Names,
            TermKind.HeadingName => ranking.HeadingNames,
            TermKind.SpeltName => ranking.Names * ranking.SpeltNames,
            TermKind.SpeltHeadingName => ranking.HeadingNames * ranking.SpeltNames,
            _ => 0,
        });
        return (ranking.SectionCosine * piece.Cosine) + ((ranking.SectionWords + ranking.PageWords) * WordsOf(piece, terms) / rarities) + names;
    }

    private static double WordsOf(Piece piece, ImmutableArray<Term> terms) => piece.Weights.Where(w => terms[w.Term].Kind == TermKind.Word).Sum(w => w.Weight);

    // Each word that the pieces hold, where it stands best.
    private static IEnumerable<(double Weight, double Rarity)> Best(IEnumerable<Piece> pieces, ImmutableArray<Term> terms) =>
        pieces.SelectMany(p => p.Weights).Where(w => terms[w.Term].Kind == TermKind.Word).GroupBy(w => w.Term).Select(g => (g.Max(w => w.Weight), terms[g.Key].Rarity));
}
