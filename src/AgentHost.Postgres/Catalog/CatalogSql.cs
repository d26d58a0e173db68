namespace AgentHost.Postgres.Catalog;

/// <summary>
/// Reads of the catalogs, one for all objects of a kind. Each runs with an empty <c>search_path</c>, so that whatever the server writes names its
/// schema. The queries for statements give: catalog, oid, stage, name, SQL and the relations that it needs besides its dependencies.
/// </summary>
internal static partial class CatalogSql
{
    private const int FirstOwn = 16384;

    /// <summary>Everything that makes a statement, for a server version.</summary>
    public static IEnumerable<string> Items(int version) =>
    [
        Schemas, Extensions, Collations(version), Enums, Composites, Domains, DomainChecks, Ranges(version), Aggregates, Casts, Servers,
        Sequences(version), SequenceOwners, Tables(version), Defaults(version), InheritedNotNulls, Attachments, Checks(version), Keys(version), ForeignKeys(version),
        Indexes, IndexAttachments, Statistics, ColumnOptions(version), RowSecurity, ReplicaIdentities, ClusteredOn, KeyOptions, Triggers(version),
        TriggerStates(version), Policies, Grants("r, v, m, p, f", "TABLE"), Grants("S", "SEQUENCE"), SchemaGrants, FunctionGrants, Refreshes,
        // To write these, the server takes ACCESS SHARE on what they read until the transaction ends, which is the next thing that happens.
        Functions, Rules, Views,
    ];

    /// <summary>What needs what: <c>pg_depend</c> without PostgreSQL's own.</summary>
    public const string Dependencies =
        """
        select classid, objid, refclassid, refobjid, deptype::text from pg_catalog.pg_depend
        where objid >= 16384 and refobjid >= 16384 and deptype in ('n', 'a', 'i', 'P', 'S') and refclassid <> 3079
        """;

    /// <summary>Objects that come with another: (catalog, oid) of the one and of the other.</summary>
    public static string Owners(int version) =>
        $"""
        select 1247::oid, t.oid, 1259::oid, t.typrelid from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid where c.relkind <> 'c' and t.oid >= {FirstOwn}
        union all
        select 1259, t.typrelid, 1247, t.oid from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid where c.relkind = 'c' and t.oid >= {FirstOwn}
        union all
        select 1247, t.typarray, 1247, t.oid from pg_catalog.pg_type t where t.typarray <> 0 and t.oid >= {FirstOwn}
        {(version >= 14_00_00 ? "union all select 1247, rngmultitypid, 1247, rngtypid from pg_catalog.pg_range where rngtypid >= 16384" : "")}
        union all
        select 2604, d.oid, 1259, d.adrelid from pg_catalog.pg_attrdef d
        union all
        select 2618, r.oid, 1259, r.ev_class from pg_catalog.pg_rewrite r where r.rulename = '_RETURN' and r.oid >= {FirstOwn}
        union all
        select 2606, k.oid, 1259, k.conrelid from pg_catalog.pg_constraint k where k.conrelid <> 0 and k.contype in ('c', 'p', 'u', 'x') and k.oid >= {FirstOwn}
        union all
        select 2606, k.oid, 1247, k.contypid from pg_catalog.pg_constraint k where k.contypid <> 0 and k.oid >= {FirstOwn}
        union all
        select 1259, k.conindid, 2606, k.oid from pg_catalog.pg_constraint k where k.contype in ('p', 'u', 'x')
        union all
        select d.classid, d.objid, d.refclassid, d.refobjid from pg_catalog.pg_depend d where d.deptype = 'e'
        union all
        select d.classid, d.objid, d.refclassid, d.refobjid from pg_catalog.pg_depend d
        join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S' where d.classid = 1259 and d.refclassid = 1259 and d.deptype = 'i'
        """;

    /// <summary>The quoted name of an object in its schema.</summary>
    private static string Name(string schema, string name) => $"quote_ident({schema}) || '.' || quote_ident({name})";

    /// <summary>A schema of users, not PostgreSQL's own.</summary>
    private static string Own(string schema) => $"{schema} !~ '^pg_' and {schema} <> 'information_schema'";

    /// <summary>That an object came with an extension, which makes it again.</summary>
    private static string Member(uint catalog, string oid) =>
        $"exists (select from pg_catalog.pg_depend e where e.classid = {catalog} and e.objid = {oid} and e.deptype = 'e')";

    /// <summary>That an object depends on a function of a user, which may be made only later.</summary>
    private static string NeedsFunction(uint catalog, string oid) =>
        $"""
        exists (select from pg_catalog.pg_depend f where f.classid = {catalog} and f.objid = {oid} and f.refclassid = 1255 and f.refobjid >= {FirstOwn}
          and not {Member(CatalogId.Function, "f.refobjid")})
        """;

    private const string NoNeeds = "'{}'::oid[]";

    private static string Schemas =>
        $"""
        select 2615::oid, n.oid, {(int)DdlStage.Schema}, n.nspname::text, 'CREATE SCHEMA ' || quote_ident(n.nspname), {NoNeeds}
        from pg_catalog.pg_namespace n where {Own("n.nspname")} and n.nspname <> 'public' and not {Member(CatalogId.Schema, "n.oid")}
        """;

    private static string Extensions =>
        $"""
        select 3079::oid, x.oid, {(int)DdlStage.Extension}, x.extname::text,
          'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(x.extname) || case when n.nspname ~ '^pg_' or {Member(CatalogId.Schema, "n.oid")} then '' else ' WITH SCHEMA ' || quote_ident(n.nspname) end,
          {NoNeeds}
        from pg_catalog.pg_extension x join pg_catalog.pg_namespace n on n.oid = x.extnamespace where x.extname <> 'plpgsql'
        """;

    private static string Collations(int version) =>
        $"""
        select 3456::oid, c.oid, {(int)DdlStage.Collation}, c.collname::text,
          'CREATE COLLATION ' || {Name("n.nspname", "c.collname")} || ' (provider = ' || case c.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end
          || case when not c.collisdeterministic then ', deterministic = false' else '' end
          || case when c.collprovider = 'c' then ', lc_collate = ' || quote_literal(c.collcollate) || ', lc_ctype = ' || quote_literal(c.collctype)
             else ', locale = ' || quote_literal(c.{(version >= 17_00_00 ? "colllocale" : version >= 15_00_00 ? "colliculocale" : "collcollate")}) end || ')', {NoNeeds}
        from pg_catalog.pg_collation c join pg_catalog.pg_namespace n on n.oid = c.collnamespace where {Own("n.nspname")} and not {Member(CatalogId.Collation, "c.oid")}
        """;

    private static string Servers =>
        $"""
        select 1417::oid, s.oid, {(int)DdlStage.Type}, s.srvname::text,
          'CREATE SERVER ' || quote_ident(s.srvname) || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname), {NoNeeds}
        from pg_catalog.pg_foreign_server s join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
        """;

    /// <summary>Constraints that only version 18 has, and that neither the grammar nor the private server of 17 knows: not enforced, or over periods.</summary>
    private static string IsKnownConstraint(int version) => version >= 18_00_00 ? "(k.conenforced and not k.conperiod)" : "true";

    /// <summary>What is counted because it is not written, each with its number.</summary>
    public static string Omitted(int version) =>
        $"""
        select what, count(*)::int from (
          select 'operator' from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not exists (select from pg_catalog.pg_depend e where e.classid = 2617 and e.objid = o.oid and e.deptype = 'e')
          union all
          select 'operator class' from pg_catalog.pg_opclass o join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not exists (select from pg_catalog.pg_depend e where e.classid = 2616 and e.objid = o.oid and e.deptype = 'e')
          union all
          select 'text search configuration' from pg_catalog.pg_ts_config o join pg_catalog.pg_namespace n on n.oid = o.cfgnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not exists (select from pg_catalog.pg_depend e where e.classid = 3602 and e.objid = o.oid and e.deptype = 'e')
          union all
          select 'event trigger' from pg_catalog.pg_event_trigger o where not exists (select from pg_catalog.pg_depend e where e.classid = 3466 and e.objid = o.oid and e.deptype = 'e')
          union all
          select 'base type' from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and t.typtype = 'b' and t.typelem = 0 and not exists (select from pg_catalog.pg_depend e where e.classid = 1247 and e.objid = t.oid and e.deptype = 'e')
          {(version >= 18_00_00 ? """
          union all
          select case when k.conenforced then 'temporal constraint' else 'unenforced constraint' end
          from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and (k.conperiod or not k.conenforced)
          union all
          select 'virtual generated column' from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and a.attgenerated = 'v' and not a.attisdropped
          """ : "")}
        ) o(what) group by what order by what
        """;
}
