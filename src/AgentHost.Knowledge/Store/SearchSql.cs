namespace AgentHost.Knowledge.Store;

/// <summary>
/// One round trip for a search: the nearest chunks by cosine distance, the best by words (each query word weighs by its rarity, as in BM25, times PostgreSQL's
/// ts_rank, which knows headings from text), fused by reciprocal rank (Cormack, Clarke and Büttcher, 2009, k = 60); chunks that hold an exact name from the query get a bonus.
/// </summary>
internal static class SearchSql
{
    /// <summary>The constant of reciprocal rank fusion.</summary>
    private const int K = 60;

    /// <summary>How deep each list goes.</summary>
    private const int Depth = 60;

    private const double SemanticWeight = 0.5, TextWeight = 1, NameWeight = 1;

    /// <summary>What a chunk that is first everywhere is given.</summary>
    public const double BestScore = (SemanticWeight + TextWeight + NameWeight) / (K + 1);

    /// <summary>$1 query, $2 exact names, $3 vector or null, $4 skill or null, $5 how many, $6 the model that the store must hold.</summary>
    public static readonly string Text = $"""
        WITH asked AS (
          SELECT lexeme, false AS exact FROM unnest(to_tsvector('english', $1))
          UNION ALL
          SELECT lexeme, true FROM unnest(to_tsvector('simple', $2))
        ), terms AS MATERIALIZED (
          SELECT a.term, a.exact, ln(1 + (n.total - f.found + 0.5) / (f.found + 0.5)) AS rarity
          FROM (SELECT quote_literal(lexeme)::tsquery AS term, exact FROM asked) a
          CROSS JOIN (SELECT count(*)::float8 AS total FROM knowledge.chunks) n
          CROSS JOIN LATERAL (SELECT count(*)::float8 AS found FROM knowledge.chunks WHERE words @@ a.term) f
          WHERE f.found > 0
        ), scope AS (
          SELECT id FROM knowledge.documents WHERE $4::text IS NULL OR skill = $4
        ), textual AS (
          SELECT c.id, bool_or(t.exact) AS exact, row_number() OVER (ORDER BY sum(t.rarity * ts_rank(c.words, t.term, 1)) DESC, c.id) AS rank
          FROM terms t JOIN knowledge.chunks c ON c.words @@ t.term
          WHERE c.document_id IN (SELECT id FROM scope)
          GROUP BY c.id ORDER BY rank LIMIT {Depth}
        ), nearest AS (
          SELECT c.id, c.embedding <=> $3::text::vector AS distance FROM knowledge.chunks c
          WHERE $3 IS NOT NULL AND ($4::text IS NULL OR c.document_id IN (SELECT id FROM scope))
          ORDER BY c.embedding <=> $3::text::vector LIMIT {Depth}
        ), semantic AS (
          SELECT id, row_number() OVER (ORDER BY distance, id) AS rank FROM nearest
        ), fused AS (
          SELECT id, coalesce({SemanticWeight} / ({K} + s.rank), 0) + coalesce({TextWeight}.0 / ({K} + t.rank), 0) + CASE WHEN t.exact THEN {NameWeight}.0 / ({K} + 1) ELSE 0 END AS score
          FROM semantic s FULL JOIN textual t USING (id)
        ), best AS (
          SELECT DISTINCT ON (d.id) d.slug, d.path, c.section, c.text, f.score
          FROM fused f JOIN knowledge.chunks c ON c.id = f.id JOIN knowledge.documents d ON d.id = c.document_id
          ORDER BY d.id, f.score DESC, c.ordinal
        )
        SELECT slug, section, score::float8, text, path FROM best
        WHERE EXISTS (SELECT FROM knowledge.store WHERE model = $6)
        ORDER BY score DESC, slug LIMIT $5
        """;
}
