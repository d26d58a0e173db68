using System.Globalization;

namespace AgentHost.Knowledge.Store;

/// <summary>
/// The statement that finds the pieces worth ranking, with their features; one for our pages and one for what was ingested, sent together. It is fast because
/// the rarest words alone go through the text index (up to a cap of hits: the other words are looked up in the pieces that were found), and because nothing is read
/// of a piece but its words and its vector.
/// </summary>
internal static class CandidateSql
{
    private const string Schema = StoreSchema.Name;

    /// <summary>From so many ingested pieces on, the vector index has to look further to find as many of the nearest.</summary>
    private const int Many = 50_000;

    /// <summary>Set for the statements: one plan for all queries, the vector index where there is one (its order spares a sort; other sorts have no other way and stay), and how far it looks.</summary>
    /// <param name="ingested">How many pieces were ingested.</param>
    public static string Settings(int ingested) => $"""
        SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false), set_config('enable_sort', 'off', false), set_config('jit', 'off', false),
          set_config('hnsw.ef_search', '{(ingested > Many ? 160 : ingested > 0 ? 40 : 60)}', false), set_config('hnsw.iterative_scan', 'relaxed_order', false)
        """;

    /// <summary>$1 query, $2 exact names, $3 names as they might be spelt, $4 vector or null, $5 skill or null, $6 the pages' digest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isExact">Whether few enough pieces are asked for that all are compared.</param>
    public static string OfBuiltIn(StoreModel model, bool isExact) => Of(
        own: $"SELECT id, chunks FROM {Schema}.sources s WHERE digest = $6 AND status = 'complete' AND documents = (SELECT count(*) FROM {Schema}.documents d WHERE d.source_id = s.id)",
        partition: "is_builtin",
        filter: $"($5::text IS NULL OR document_id = ANY (ARRAY(SELECT d.id FROM {Schema}.documents d WHERE d.source_id = ANY (SELECT id FROM own) AND d.skill = $5)))",
        mostHits: 600, lists: 30, nearest: 60, isExact, model, wholePages: true);

    /// <summary>$1 to $4 the same, $5 a source's name or null, $6 unused.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isExact">Whether few enough pieces are asked for that all are compared.</param>
    public static string OfIngested(StoreModel model, bool isExact) => Of(
        own: $"SELECT id, chunks FROM {Schema}.sources WHERE digest IS NULL AND $6::uuid IS NOT NULL AND status <> 'loading' AND ($5::text IS NULL OR name = $5)",
        partition: "NOT is_builtin", filter: "true", mostHits: 250, lists: 20, nearest: 30, isExact, model, wholePages: false);

    private static string Of(string own, string partition, string filter, int mostHits, int lists, int nearest, bool isExact, StoreModel model, bool wholePages)
    {
        var (number, most, depth) = (Text(model.Id), Text(mostHits), Text(lists));
        var asked = Text(lists * 2 / 3);
        // With + 0 the planner cannot go by the source's own index, and takes the one by vector.
        var distance = isExact ? "embedding <=> (SELECT vector FROM question)" : $"{model.Vector} <=> (SELECT vector FROM question)";
        return $"""
            WITH own AS MATERIALIZED (
              {own}
            ), mine AS MATERIALIZED (
              SELECT coalesce(array_agg(id), '{"{}"}') AS ids, coalesce(sum(chunks), 0)::float8 AS total FROM own
            ), question AS MATERIALIZED (
              SELECT $4::real[]::halfvec({Text(model.Dimensions)}) AS vector
            ), asked AS (
              SELECT lexeme, 0 AS kind FROM unnest(to_tsvector('english', $1))
              UNION ALL SELECT '=' || n, 1 FROM unnest($2::text[]) n
              UNION ALL SELECT '#' || n, 2 FROM unnest($2::text[]) n
              UNION ALL SELECT '=' || n, 3 FROM unnest($3::text[]) n
              UNION ALL SELECT '#' || n, 4 FROM unnest($3::text[]) n
            ), counted AS MATERIALIZED (
              SELECT a.lexeme, a.kind, w.found::float8 AS found FROM asked a
              CROSS JOIN LATERAL (SELECT coalesce(sum(c.found), 0) AS found FROM {Schema}.word_counts c WHERE c.lexeme = a.lexeme AND c.source_id = ANY ((SELECT ids FROM mine)::integer[])) w
              WHERE w.found > 0 OR a.kind < 3
            ), terms AS MATERIALIZED (
              SELECT no, kind, (no = 1 OR cost <= {most}) AS is_driver, ln(1 + ((SELECT total FROM mine) - found + 0.5) / (found + 0.5)) AS rarity,
                ('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery AS term
              FROM (
                SELECT c.*, row_number() OVER w AS no, sum(found) OVER w AS cost FROM counted c WINDOW w AS (ORDER BY found, kind, lexeme)
              ) c
            ), hits AS MATERIALIZED (
              SELECT c.id, c.document_id, c.is_asked, t.no, t.rarity * c.rank / (c.rank + 0.3) AS weight
              FROM terms t CROSS JOIN LATERAL (
                SELECT id, document_id, is_asked, ts_rank(words, t.term) AS rank FROM {Schema}.chunks
                WHERE {partition} AND words @@ t.term AND source_id = ANY ((SELECT ids FROM mine)::integer[]) AND {filter}
              ) c
              WHERE t.is_driver AND t.no <= 60
            ), pieces AS MATERIALIZED (
              SELECT id, document_id, is_asked, sum(weight) AS score FROM hits GROUP BY id, document_id, is_asked
            ), near AS MATERIALIZED (
              SELECT chunk_id AS id, document_id, is_asked, {distance} AS distance FROM {Schema}.embeddings
              WHERE model_id = {number} AND {partition} AND {(isExact ? "source_id" : "source_id + 0")} = ANY ((SELECT ids FROM mine)::integer[]) AND {filter}
                AND $4::real[] IS NOT NULL AND (SELECT total FROM mine) > 0
              {(isExact ? "" : $"ORDER BY {distance} LIMIT {Text(nearest)}")}
            ), chosen AS MATERIALIZED (
              (SELECT id, document_id, is_asked FROM pieces WHERE NOT is_asked ORDER BY score DESC, id LIMIT {depth})
              UNION (SELECT id, document_id, is_asked FROM pieces WHERE is_asked ORDER BY score DESC, id LIMIT {asked})
              UNION (SELECT id, document_id, is_asked FROM near WHERE NOT is_asked ORDER BY distance, id LIMIT {depth})
              UNION (SELECT id, document_id, is_asked FROM near WHERE is_asked ORDER BY distance, id LIMIT {asked})
            ), wanted AS MATERIALIZED (
              SELECT id, document_id, is_asked FROM chosen
              {(wholePages ? $"UNION SELECT id, document_id, is_asked FROM {Schema}.chunks WHERE document_id = ANY (ARRAY(SELECT document_id FROM chosen)) AND NOT is_asked" : "")}
            ), weights AS (
              SELECT h.id, h.no, h.weight FROM hits h JOIN wanted w ON w.id = h.id
              UNION ALL
              SELECT c.id, t.no, t.rarity * c.rank / (c.rank + 0.3) FROM terms t CROSS JOIN LATERAL (
                SELECT id, ts_rank(words, t.term) AS rank FROM {Schema}.chunks WHERE id = ANY (ARRAY(SELECT id FROM wanted)) AND words @@ t.term
              ) c WHERE NOT t.is_driver AND t.no <= 60
            ), weighed AS (
              SELECT id, array_agg(no::smallint) AS numbers, array_agg(weight::real) AS weights FROM weights GROUP BY id
            )
            SELECT 0 AS id, 0 AS document_id, NULL AS kind, false AS has_asked, false AS is_asked, NULL::float8 AS cosine,
              (SELECT array_agg(kind::smallint ORDER BY no) FROM terms) AS numbers, (SELECT array_agg(rarity::real ORDER BY no) FROM terms) AS weights
            FROM mine WHERE mine.total > 0
            UNION ALL
            SELECT w.id, w.document_id, d.kind, d.has_asked, w.is_asked, 1 - (e.embedding <=> (SELECT vector FROM question)), t.numbers, t.weights
            FROM wanted w JOIN {Schema}.documents d ON d.id = w.document_id LEFT JOIN weighed t ON t.id = w.id
            LEFT JOIN {Schema}.embeddings e ON e.chunk_id = w.id AND e.model_id = {number}
            """;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
