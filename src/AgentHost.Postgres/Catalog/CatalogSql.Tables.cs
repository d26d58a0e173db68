namespace AgentHost.Postgres.Catalog;

/// <content>Sequences, tables and partitions.</content>
internal static partial class CatalogSql
{
    private const string Relation = "c.oid::regclass::text";

    private static string OwnRelation(string kinds) =>
        $"c.relkind in ('{string.Join("', '", kinds.Split(", "))}') and c.relpersistence <> 't' and {Own("n.nspname")} and not {Member(CatalogId.Relation, "c.oid")}";

    private const string FromRelations = "pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace";

    private const string SequenceMaximum = "case s.seqtypid when 21 then 32767 when 23 then 2147483647 else 9223372036854775807 end";

    private static string Cycle => "case when s.seqcycle then ' CYCLE' else '' end";

    private static string Sequences(int version) =>
        $"""
        select 1259::oid, c.oid, {(int)DdlStage.Sequence}, c.relname::text,
          'CREATE ' || case when c.relpersistence = 'u' then 'UNLOGGED ' else '' end || 'SEQUENCE ' || {Relation} || case when s.seqtypid = 20 then '' else ' AS ' || format_type(s.seqtypid, null) end
          || ' START WITH ' || s.seqstart || ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' CACHE ' || s.seqcache || {Cycle}, {NoNeeds}
        from {FromRelations} join pg_catalog.pg_sequence s on s.seqrelid = c.oid
        where {OwnRelation("S")} and not exists (select from pg_catalog.pg_depend i where i.classid = 1259 and i.objid = c.oid and i.refclassid = 1259 and i.deptype = 'i')
        """;

    private static string SequenceOwners =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.SequenceOwner}, c.relname::text,
          'ALTER SEQUENCE ' || {Relation} || ' OWNED BY ' || d.refobjid::regclass::text || '.' || quote_ident(a.attname), array[c.oid, d.refobjid]
        from {FromRelations} join pg_catalog.pg_depend d on d.classid = 1259 and d.objid = c.oid and d.refclassid = 1259 and d.deptype = 'a'
        join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where {OwnRelation("S")}
        """;

    /// <summary>A default that is written with its column: it calls no function of a user, which might need the table first.</summary>
    private static string IsWithColumn(int version) =>
        version >= 12_00_00 ? $"(a.attgenerated <> '' or not {NeedsFunction(CatalogId.Default, "d.oid")})" : $"not {NeedsFunction(CatalogId.Default, "d.oid")}";

    /// <summary>A NOT NULL that was declared NOT VALID (version 18) holds for no old row.</summary>
    private static string IsNotNull(int version) => version < 18_00_00
        ? "a.attnotnull"
        : "(a.attnotnull and not exists (select from pg_catalog.pg_constraint nn where nn.conrelid = a.attrelid and nn.contype = 'n' and nn.conkey[1] = a.attnum and not nn.convalidated))";

    /// <summary>GENERATED … AS IDENTITY, with its sequence where that is not as PostgreSQL makes it; a partition takes its parent's.</summary>
    private static string Identity =>
        $"""
        case when a.attidentity = '' or s.seqrelid is null then '' else ' GENERATED ' || case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end || ' AS IDENTITY'
          || case when s.seqstart = 1 and s.seqincrement = 1 and s.seqmin = 1 and s.seqmax = {SequenceMaximum} and s.seqcache = 1 and not s.seqcycle
                       and sc.relnamespace = w.relnamespace and sc.relname = w.relname || '_' || a.attname || '_seq' then ''
             else ' (SEQUENCE NAME ' || s.seqrelid::regclass::text || ' START WITH ' || s.seqstart || ' INCREMENT BY ' || s.seqincrement || ' MINVALUE ' || s.seqmin
               || ' MAXVALUE ' || s.seqmax || ' CACHE ' || s.seqcache || {Cycle} || ')' end end
        """;

    /// <summary>Constraints that are written with their table.</summary>
    private static string IsWithTable(int version) =>
        $"""
        {IsKnownConstraint(version)} and ((k.contype = 'c' and k.convalidated and (k.conislocal or w.relispartition) and not {NeedsFunction(CatalogId.Constraint, "k.oid")})
          or (k.contype in ('p', 'u', 'x') and w.relkind = 'r' and not w.relispartition and kc.reloptions is null))
        """;

    private static string Tables(int version) =>
        $"""
        with w as (
          select c.*, {Relation} as name from {FromRelations} where {OwnRelation("r, p, f")}),
        body as (
          select w.oid, string_agg('    ' || quote_ident(a.attname) || case when w.reloftype <> 0 then '' else ' ' || format_type(a.atttypid, a.atttypmod) end
            || {Collate("a.attcollation", "t.typcollation")}
            || case when d.oid is null then '' {(version >= 12_00_00 ? "when a.attgenerated <> '' then ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'" : "")}
               else ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) end
            || {Identity} || case when {IsNotNull(version)} then ' NOT NULL' else '' end, E',\n' order by a.attnum) as text
          from w join pg_catalog.pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped and (a.attislocal or w.relispartition)
          join pg_catalog.pg_type t on t.oid = a.atttypid
          left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum and {IsWithColumn(version)}
          left join pg_catalog.pg_depend o on a.attidentity <> '' and o.refclassid = 1259 and o.refobjid = a.attrelid and o.refobjsubid = a.attnum and o.classid = 1259 and o.deptype = 'i'
          left join pg_catalog.pg_sequence s on s.seqrelid = o.objid left join pg_catalog.pg_class sc on sc.oid = s.seqrelid
          where w.reloftype = 0 or d.oid is not null or {IsNotNull(version)} group by w.oid),
        checks as (
          select w.oid, string_agg('    CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), E',\n' order by k.contype <> 'p', k.conname) as text
          from w join pg_catalog.pg_constraint k on k.conrelid = w.oid left join pg_catalog.pg_class kc on kc.oid = k.conindid and k.contype in ('p', 'u', 'x') where {IsWithTable(version)} group by w.oid)
        select 1259::oid, w.oid, {(int)DdlStage.Table}, w.relname::text,
          'CREATE ' || case when w.relpersistence = 'u' then 'UNLOGGED ' else '' end || case when w.relkind = 'f' then 'FOREIGN ' else '' end || 'TABLE ' || w.name
          || case when w.reloftype <> 0 then ' OF ' || format_type(w.reloftype, null) else '' end
          || case when w.reloftype <> 0 and body.text is null and checks.text is null then ''
             else E' (\n' || concat_ws(E',\n', body.text, checks.text) || E'\n)' end
          || coalesce((select ' INHERITS (' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) || ')' from pg_catalog.pg_inherits i where i.inhrelid = w.oid and not w.relispartition), '')
          || case when w.relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(w.oid) else '' end
          || coalesce(' SERVER ' || (select quote_ident(fs.srvname) from pg_catalog.pg_foreign_table ft join pg_catalog.pg_foreign_server fs on fs.oid = ft.ftserver where ft.ftrelid = w.oid), '')
          || coalesce((select ' USING ' || quote_ident(m.amname) from pg_catalog.pg_am m where m.oid = w.relam and m.amname <> 'heap'), '')
          || coalesce(' WITH (' || {Options("w.reloptions", "w.reltoastrelid")} || ')', ''), {NoNeeds}
        from w left join body on body.oid = w.oid left join checks on checks.oid = w.oid
        """;

    /// <summary>Storage parameters, those of the TOAST table too; null where there are none.</summary>
    private static string Options(string options, string? toast = null) =>
        $"""
        (select string_agg(o.space || quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', ') from (
          select '' as space, p.* from pg_options_to_table({options}) p
          {(toast is null ? "" : $"union all select 'toast.', p.* from pg_catalog.pg_class toast, pg_options_to_table(toast.reloptions) p where toast.oid = {toast}")}) o)
        """;

    private static string Defaults(int version) =>
        $"""
        select 2604::oid, d.oid, {(int)DdlStage.Default}, c.relname::text,
          'ALTER TABLE ONLY ' || {Relation} || ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_attrdef d on d.adrelid = c.oid join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum
        where {OwnRelation("r, p, f, v")} {(version >= 12_00_00 ? "and a.attgenerated = ''" : "")}
          and (c.relkind = 'v' or not (a.attislocal or c.relispartition) or not {IsWithColumn(version)})
        """;

    private static string InheritedNotNulls =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.Default}, c.relname::text,
          'ALTER TABLE ONLY ' || {Relation} || string_agg(' ALTER COLUMN ' || quote_ident(a.attname) || ' SET NOT NULL', ',' order by a.attnum), array[c.oid]
        from {FromRelations} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attnotnull and not a.attislocal and not a.attisdropped
        where {OwnRelation("r, f")} and not c.relispartition group by c.oid, c.relname
        """;

    private static string Attachments =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.Attach}, c.relname::text,
          'ALTER TABLE ONLY ' || i.inhparent::regclass::text || ' ATTACH PARTITION ' || {Relation} || ' ' || pg_get_expr(c.relpartbound, c.oid), array[i.inhparent, c.oid]
        from {FromRelations} join pg_catalog.pg_inherits i on i.inhrelid = c.oid where c.relispartition and {OwnRelation("r, p, f")}
        """;

    private static string ColumnOptions(int version) =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.TableOption}, c.relname::text, 'ALTER TABLE ONLY ' || {Relation} || string_agg(x.action, ',' order by a.attnum), array[c.oid]
        from {FromRelations} join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_catalog.pg_type t on t.oid = a.atttypid
        cross join lateral (
          select ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET STATISTICS ' || a.attstattarget as action where a.attstattarget >= 0
          union all
          select ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET STORAGE ' || case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end
          where a.attstorage <> t.typstorage
          {(version >= 14_00_00 ? "union all select ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET COMPRESSION ' || case a.attcompression when 'p' then 'pglz' else 'lz4' end where a.attcompression <> ''" : "")}
          union all
          select ' ALTER COLUMN ' || quote_ident(a.attname) || ' SET (' || {Options("a.attoptions")} || ')' where a.attoptions is not null) x
        where {OwnRelation("r, p, f")} group by c.oid, c.relname
        """;
}
