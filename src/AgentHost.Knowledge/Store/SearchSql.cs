namespace AgentHost.Knowledge.Store;

/// <summary>
/// One round trip for a search: the nearest chunks by cosine distance, the best by words (each query word weighs by its rarity, as in BM25, times PostgreSQL's
/// ts_rank, which knows headings from text), fused by reciprocal rank (Cormack, Clarke and Büttcher, 2009, k = 60); chunks that hold an exact name from the query get a bonus, and so do
/// pages by the share of the question's words (by rarity) that they hold.
/// </summary>
internal static class SearchSql
{
    /// <summary>The constant of reciprocal rank fusion.</summary>
    private const string K = "60.0";

    /// <summary>How deep each list goes.</summary>
    private const string Depth = "60";

    private const string SemanticWeight = "0.5", TextWeight = "1", NameWeight = "1", CoverageWeight = "1";

    /// <summary>Between pages that match alike, the one on the subject comes before one on a single case of it (a rule, a problem), and this before how to call a tool.</summary>
    private const string CaseWeight = "0.92", SkillWeight = "0.8";

    /// <summary>
    /// A question is answered where some page holds half of its words, or this many. Measured on questions about databases (all keep their answer) and on
    /// questions about anything else (nine of ten lose theirs): see the tests.
    /// </summary>
    private const string EnoughWords = "5";

    /// <summary>… or where some piece is this near, by the cosine: above what the built-in embedder gives to what is unrelated (at most 0.29).</summary>
    private const string EnoughSimilarity = "0.35";

    /// <summary>What a chunk that is first everywhere is given.</summary>
    public const double BestScore = 3.5 / 61;

    /// <summary>$1 query, $2 exact names, $3 vector or null, $4 skill or null, $5 how many, $6 the model, $7 the hashes of the pages that are searched. No row where the store misses any of them.</summary>
    public const string Text = $"""
        WITH own AS MATERIALIZED (
          SELECT id, skill FROM {StoreSchema.Name}.documents WHERE model = $6 AND hash = ANY ($7)
        ), pieces AS MATERIALIZED (
          SELECT c.*, ($4::text IS NULL OR own.skill = $4) AS is_asked FROM {StoreSchema.Name}.chunks c JOIN own ON own.id = c.document_id
        ), asked AS (
          SELECT lexeme, false AS exact FROM unnest(to_tsvector('english', $1))
          UNION ALL
          SELECT lexeme, true FROM unnest(to_tsvector('simple', $2))
        ), terms AS MATERIALIZED (
          SELECT a.term, a.exact, ln(1 + (n.total - f.found + 0.5) / (f.found + 0.5)) AS rarity
          FROM (SELECT quote_literal(lexeme)::tsquery AS term, exact FROM asked) a
          CROSS JOIN (SELECT count(*)::float8 AS total FROM pieces) n
          CROSS JOIN LATERAL (SELECT count(*)::float8 AS found FROM pieces WHERE words @@ a.term) f
        ), hits AS MATERIALIZED (
          SELECT c.id, c.document_id, t.term, t.exact, t.rarity, t.rarity * r.rank / (r.rank + 0.3) AS weight
          FROM terms t JOIN pieces c ON c.words @@ t.term CROSS JOIN LATERAL (SELECT ts_rank(c.words, t.term) AS rank) r WHERE c.is_asked
        ), textual AS (
          SELECT id, bool_or(exact) AS exact, row_number() OVER (ORDER BY sum(weight) DESC, id) AS rank
          FROM hits GROUP BY id ORDER BY rank LIMIT {Depth}
        ), coverage AS (
          SELECT document_id, count(*) FILTER (WHERE NOT exact) AS words, bool_or(exact) AS exact, sum(rarity) / (SELECT sum(rarity) FROM terms) AS share
          FROM (SELECT DISTINCT document_id, term, exact, rarity FROM hits) h GROUP BY document_id
        ), nearest AS (
          SELECT id, embedding <=> $3::text::vector AS distance FROM pieces
          WHERE $3 IS NOT NULL AND is_asked
          ORDER BY distance LIMIT {Depth}
        ), semantic AS (
          SELECT id, 1 - distance AS similarity, row_number() OVER (ORDER BY distance, id) AS rank FROM nearest
        ), fused AS (
          SELECT id, coalesce({SemanticWeight} / ({K} + s.rank), 0) + coalesce({TextWeight} / ({K} + t.rank), 0) + CASE WHEN t.exact THEN {NameWeight} / ({K} + 1) ELSE 0 END AS score,
            coalesce(s.similarity, 0) AS similarity
          FROM semantic s FULL JOIN textual t USING (id)
        ), ranked AS (
          SELECT DISTINCT ON (c.document_id) c.document_id, c.section, c.text, f.score + {CoverageWeight} / ({K} + 1) * coalesce(v.share, 0) AS score,
            coalesce(v.exact OR v.words >= least({EnoughWords}, (SELECT count(*) / 2.0 FROM terms WHERE NOT exact)), false) OR f.similarity >= {EnoughSimilarity} AS is_answer,
            v.words > 0 OR f.similarity >= {EnoughSimilarity} AS is_related
          FROM fused f JOIN pieces c ON c.id = f.id LEFT JOIN coverage v ON v.document_id = c.document_id
          ORDER BY c.document_id, f.score DESC, c.ordinal
        )
        SELECT d.slug, r.section, (r.score * w.weight)::float8 AS score, r.text, d.path FROM ranked r JOIN {StoreSchema.Name}.documents d ON d.id = r.document_id
        CROSS JOIN LATERAL (SELECT CASE WHEN d.path LIKE '%/references/%' THEN 1 WHEN d.slug = d.skill THEN {SkillWeight} ELSE {CaseWeight} END AS weight) w
        WHERE r.is_related AND (SELECT bool_or(is_answer) FROM ranked) AND (SELECT count(*) FROM own) = cardinality($7)
        ORDER BY score DESC, d.slug LIMIT $5
        """;
}
