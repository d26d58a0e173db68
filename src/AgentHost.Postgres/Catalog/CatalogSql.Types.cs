namespace AgentHost.Postgres.Catalog;

/// <content>Types, functions and casts.</content>
internal static partial class CatalogSql
{
    private static string Enums =>
        $"""
        select 1247::oid, t.oid, {(int)DdlStage.Type}, t.typname::text,
          'CREATE TYPE ' || {Name("n.nspname", "t.typname")} || ' AS ENUM (' || coalesce(string_agg(quote_literal(v.enumlabel), ', ' order by v.enumsortorder), '') || ')', {NoNeeds}
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace left join pg_catalog.pg_enum v on v.enumtypid = t.oid
        where t.typtype = 'e' and {Own("n.nspname")} and not {Member(CatalogId.Type, "t.oid")} group by t.oid, t.typname, n.nspname
        """;

    private static string Composites =>
        $"""
        select 1247::oid, t.oid, {(int)DdlStage.Type}, t.typname::text,
          'CREATE TYPE ' || {Name("n.nspname", "t.typname")} || ' AS (' || coalesce(string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
            || {Collate("a.attcollation", "b.typcollation")}, ', ' order by a.attnum), '') || ')', {NoNeeds}
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace join pg_catalog.pg_class c on c.oid = t.typrelid and c.relkind = 'c'
        left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped left join pg_catalog.pg_type b on b.oid = a.atttypid
        where {Own("n.nspname")} and not {Member(CatalogId.Type, "t.oid")} group by t.oid, t.typname, n.nspname
        """;

    private static string Domains =>
        $"""
        select 1247::oid, t.oid, {(int)DdlStage.Type}, t.typname::text,
          'CREATE DOMAIN ' || {Name("n.nspname", "t.typname")} || ' AS ' || format_type(t.typbasetype, t.typtypmod) || {Collate("t.typcollation", "b.typcollation")}
          || coalesce(' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), '') || case when t.typnotnull then ' NOT NULL' else '' end
          || coalesce((select string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' order by k.conname)
               from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c' and k.convalidated and not {NeedsFunction(CatalogId.Constraint, "k.oid")}), ''), {NoNeeds}
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace join pg_catalog.pg_type b on b.oid = t.typbasetype
        where t.typtype = 'd' and {Own("n.nspname")} and not {Member(CatalogId.Type, "t.oid")}
        """;

    private static string DomainChecks =>
        $"""
        select 2606::oid, k.oid, {(int)DdlStage.DomainCheck}, k.conname::text,
          'ALTER DOMAIN ' || {Name("n.nspname", "t.typname")} || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), {NoNeeds}
        from pg_catalog.pg_constraint k join pg_catalog.pg_type t on t.oid = k.contypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where k.contype = 'c' and {Own("n.nspname")} and not {Member(CatalogId.Type, "t.oid")} and (not k.convalidated or {NeedsFunction(CatalogId.Constraint, "k.oid")})
        """;

    private static string Ranges(int version) =>
        $"""
        select 1247::oid, t.oid, {(int)DdlStage.Type}, t.typname::text,
          'CREATE TYPE ' || {Name("n.nspname", "t.typname")} || ' AS RANGE (SUBTYPE = ' || format_type(r.rngsubtype, null)
          || case when o.opcdefault then '' else ', SUBTYPE_OPCLASS = ' || {Name("os.nspname", "o.opcname")} end
          || case when r.rngcollation <> 0 and r.rngcollation <> b.typcollation then ', COLLATION = ' || {CollationName("r.rngcollation")} else '' end
          || case when r.rngsubdiff::oid <> 0 then ', SUBTYPE_DIFF = ' || r.rngsubdiff::text else '' end
          || {(version >= 14_00_00 ? "', MULTIRANGE_TYPE_NAME = ' || format_type(r.rngmultitypid, null)" : "''")} || ')', {NoNeeds}
        from pg_catalog.pg_range r join pg_catalog.pg_type t on t.oid = r.rngtypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        join pg_catalog.pg_type b on b.oid = r.rngsubtype join pg_catalog.pg_opclass o on o.oid = r.rngsubopc join pg_catalog.pg_namespace os on os.oid = o.opcnamespace
        where {Own("n.nspname")} and not {Member(CatalogId.Type, "t.oid")}
        """;

    /// <summary>A function that makes the values of a range type comes with it.</summary>
    private static string OwnFunction =>
        $"{Own("n.nspname")} and not exists (select from pg_catalog.pg_depend e where e.classid = 1255 and e.objid = p.oid and e.deptype in ('e', 'i'))";

    private static string Functions =>
        $"""
        select 1255::oid, p.oid, {(int)DdlStage.Function}, p.proname::text, rtrim(pg_get_functiondef(p.oid), E'\n'), {NoNeeds}
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where p.prokind in ('f', 'p', 'w') and {OwnFunction}
        """;

    private static string Aggregates =>
        $"""
        select 1255::oid, p.oid, {(int)DdlStage.Function}, p.proname::text,
          'CREATE AGGREGATE ' || {Name("n.nspname", "p.proname")} || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ') (SFUNC = ' || a.aggtransfn::text
          || ', STYPE = ' || format_type(a.aggtranstype, null) || case when a.aggfinalfn::oid <> 0 then ', FINALFUNC = ' || a.aggfinalfn::text else '' end
          || case when a.aggcombinefn::oid <> 0 then ', COMBINEFUNC = ' || a.aggcombinefn::text else '' end
          || coalesce(', INITCOND = ' || quote_literal(a.agginitval), '') || case p.proparallel when 's' then ', PARALLEL = safe' when 'r' then ', PARALLEL = restricted' else '' end || ')', {NoNeeds}
        from pg_catalog.pg_aggregate a join pg_catalog.pg_proc p on p.oid = a.aggfnoid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where a.aggkind = 'n' and {OwnFunction}
        """;

    private static string Casts =>
        $"""
        select 2605::oid, c.oid, {(int)DdlStage.Cast}, format_type(c.castsource, null),
          'CREATE CAST (' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) || ') '
          || case c.castmethod when 'f' then 'WITH FUNCTION ' || c.castfunc::regprocedure::text when 'i' then 'WITH INOUT' else 'WITHOUT FUNCTION' end
          || case c.castcontext when 'a' then ' AS ASSIGNMENT' when 'i' then ' AS IMPLICIT' else '' end, {NoNeeds}
        from pg_catalog.pg_cast c where c.oid >= {FirstOwn} and not exists (select from pg_catalog.pg_depend e where e.classid = 2605 and e.objid = c.oid and e.deptype in ('e', 'i'))
        """;

    private static string CollationName(string oid) =>
        $"(select {Name("cn.nspname", "co.collname")} from pg_catalog.pg_collation co join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace where co.oid = {oid})";

    /// <summary>The COLLATE clause, where the collation is not the type's own.</summary>
    private static string Collate(string collation, string typesOwn) =>
        $"case when {collation} <> 0 and {collation} <> {typesOwn} then ' COLLATE ' || {CollationName(collation)} else '' end";
}
