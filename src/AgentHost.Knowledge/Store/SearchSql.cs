namespace AgentHost.Knowledge.Store;

/// <summary>
/// One round trip for a search: the nearest chunks by cosine distance, the best by words (each query word weighs by its rarity, as in BM25, times PostgreSQL's
/// ts_rank, which knows headings from text), fused by reciprocal rank (Cormack, Clarke and Büttcher, 2009, k = 60); chunks that hold an exact name from the query get a bonus.
/// </summary>
internal static class SearchSql
{
    /// <summary>The constant of reciprocal rank fusion.</summary>
    private const string K = "60.0";

    /// <summary>How deep each list goes.</summary>
    private const string Depth = "60";

    private const string SemanticWeight = "0.5", TextWeight = "1", NameWeight = "1";

    /// <summary>What a chunk that is first everywhere is given.</summary>
    public const double BestScore = 2.5 / 61;

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
          WHERE f.found > 0
        ), textual AS (
          SELECT c.id, bool_or(t.exact) AS exact, row_number() OVER (ORDER BY sum(t.rarity * ts_rank(c.words, t.term, 1)) DESC, c.id) AS rank
          FROM terms t JOIN pieces c ON c.words @@ t.term
          WHERE c.is_asked
          GROUP BY c.id ORDER BY rank LIMIT {Depth}
        ), nearest AS (
          SELECT id, embedding <=> $3::text::vector AS distance FROM pieces
          WHERE $3 IS NOT NULL AND is_asked
          ORDER BY distance LIMIT {Depth}
        ), semantic AS (
          SELECT id, row_number() OVER (ORDER BY distance, id) AS rank FROM nearest
        ), fused AS (
          SELECT id, coalesce({SemanticWeight} / ({K} + s.rank), 0) + coalesce({TextWeight} / ({K} + t.rank), 0) + CASE WHEN t.exact THEN {NameWeight} / ({K} + 1) ELSE 0 END AS score
          FROM semantic s FULL JOIN textual t USING (id)
        ), best AS (
          SELECT DISTINCT ON (d.id) d.slug, d.path, c.section, c.text, f.score
          FROM fused f JOIN pieces c ON c.id = f.id JOIN {StoreSchema.Name}.documents d ON d.id = c.document_id
          ORDER BY d.id, f.score DESC, c.ordinal
        )
        SELECT slug, section, score::float8, text, path FROM best
        WHERE (SELECT count(*) FROM own) = cardinality($7)
        ORDER BY score DESC, slug LIMIT $5
        """;
}
