namespace AgentHost.Postgres.Catalog;

/// <content>Constraints, indexes, statistics, views, triggers, policies and rights.</content>
internal static partial class CatalogSql
{
    private static string AddConstraint(string only) => $"'ALTER TABLE {only}' || {Relation} || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)";

    private static string Checks(int version) =>
        $"""
        select 2606::oid, k.oid, {(int)DdlStage.Check}, c.relname || ' ' || k.conname, {AddConstraint("")}, {NoNeeds}
        from {FromRelations} join pg_catalog.pg_constraint k on k.conrelid = c.oid
        where {OwnRelation("r, p, f")} and k.contype = 'c' and (k.conislocal or c.relispartition) and {IsKnownConstraint(version)} and (not k.convalidated or {NeedsFunction(CatalogId.Constraint, "k.oid")})
        """;

    private static string Keys(int version) =>
        $"""
        select 2606::oid, k.oid, {(int)DdlStage.Key}, c.relname || ' ' || k.conname, {AddConstraint("ONLY ")}, {NoNeeds}
        from {FromRelations} join pg_catalog.pg_constraint k on k.conrelid = c.oid join pg_catalog.pg_class kc on kc.oid = k.conindid
        where {OwnRelation("r, p, f")} and k.contype in ('p', 'u', 'x') and {IsKnownConstraint(version)} and (c.relkind <> 'r' or c.relispartition or kc.reloptions is not null)
        """;

    private static string KeyOptions =>
        $"""
        select 0::oid, k.oid, {(int)DdlStage.TableOption}, k.conname::text, 'ALTER INDEX ' || k.conindid::regclass::text || ' SET (' || {Options("kc.reloptions")} || ')', array[k.conindid]
        from {FromRelations} join pg_catalog.pg_constraint k on k.conrelid = c.oid join pg_catalog.pg_class kc on kc.oid = k.conindid
        where {OwnRelation("r, p, f")} and k.contype in ('p', 'u', 'x') and kc.reloptions is not null
        """;

    private static string ForeignKeys(int version) =>
        $"""
        select 2606::oid, k.oid, {(int)DdlStage.ForeignKey}, c.relname || ' ' || k.conname, {AddConstraint("")}, array[k.conrelid, k.confrelid]
        from {FromRelations} join pg_catalog.pg_constraint k on k.conrelid = c.oid where {OwnRelation("r, p, f")} and k.contype = 'f' and k.conparentid = 0 and {IsKnownConstraint(version)}
        """;

    private static string Indexes =>
        $"""
        select 1259::oid, x.indexrelid, {(int)DdlStage.Index}, c.relname || ' ' || ic.relname, case when x.indisvalid or c.relkind = 'p' then '' else E'-- INVALID\n' end || pg_get_indexdef(x.indexrelid), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_index x on x.indrelid = c.oid join pg_catalog.pg_class ic on ic.oid = x.indexrelid
        where {OwnRelation("r, p, m")} and x.indislive and not exists (select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
        """;

    private static string IndexAttachments =>
        $"""
        select 0::oid, ic.oid, {(int)DdlStage.AttachIndex}, ic.relname::text, 'ALTER INDEX ' || i.inhparent::regclass::text || ' ATTACH PARTITION ' || ic.oid::regclass::text, array[i.inhparent, ic.oid]
        from {FromRelations} join pg_catalog.pg_index x on x.indrelid = c.oid join pg_catalog.pg_class ic on ic.oid = x.indexrelid join pg_catalog.pg_inherits i on i.inhrelid = ic.oid
        where {OwnRelation("r, p")}
        """;

    private static string Statistics =>
        $"""
        select 3381::oid, s.oid, {(int)DdlStage.Statistics}, s.stxname::text, pg_get_statisticsobjdef(s.oid), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_statistic_ext s on s.stxrelid = c.oid where {OwnRelation("r, p, m, f")}
        """;

    private static string ClusteredOn =>
        $"""
        select 0::oid, x.indexrelid, {(int)DdlStage.TableOption}, c.relname::text, 'ALTER TABLE ' || {Relation} || ' CLUSTER ON ' || quote_ident(ic.relname), array[c.oid, x.indexrelid]
        from {FromRelations} join pg_catalog.pg_index x on x.indrelid = c.oid and x.indisclustered join pg_catalog.pg_class ic on ic.oid = x.indexrelid where {OwnRelation("r, m")}
        """;

    private static string ReplicaIdentities =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.TableOption}, c.relname::text,
          'ALTER TABLE ONLY ' || {Relation} || ' REPLICA IDENTITY ' || case c.relreplident when 'f' then 'FULL' when 'n' then 'NOTHING' else 'USING INDEX ' || quote_ident(ic.relname) end,
          array_remove(array[c.oid, ic.oid], null)
        from {FromRelations} left join pg_catalog.pg_index x on x.indrelid = c.oid and x.indisreplident left join pg_catalog.pg_class ic on ic.oid = x.indexrelid
        where {OwnRelation("r, p")} and (c.relreplident in ('f', 'n') or (c.relreplident = 'i' and ic.oid is not null))
        """;

    private static string RowSecurity =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.TableOption}, c.relname::text,
          'ALTER TABLE ' || {Relation} || concat_ws(',', case when c.relrowsecurity then ' ENABLE ROW LEVEL SECURITY' end, case when c.relforcerowsecurity then ' FORCE ROW LEVEL SECURITY' end), array[c.oid]
        from {FromRelations} where {OwnRelation("r, p")} and (c.relrowsecurity or c.relforcerowsecurity)
        """;

    private static string Policies =>
        $"""
        select 3256::oid, p.oid, {(int)DdlStage.Policy}, c.relname || ' ' || p.polname,
          'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || {Relation} || case when p.polpermissive then '' else ' AS RESTRICTIVE' end
          || case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE' when 'd' then ' FOR DELETE' else '' end
          || case when 0 = any(p.polroles) then '' else ' TO ' || (select string_agg(quote_ident(r.rolname), ', ' order by r.rolname) from pg_catalog.pg_roles r where r.oid = any(p.polroles)) end
          || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_policy p on p.polrelid = c.oid where {OwnRelation("r, p")}
        """;

    private static string Rules =>
        $"""
        select 2618::oid, r.oid, {(int)DdlStage.Rule}, r.rulename::text, rtrim(pg_get_ruledef(r.oid), ';'), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_rewrite r on r.ev_class = c.oid where {OwnRelation("r, p, v, f")} and r.rulename <> '_RETURN'
        """;

    /// <summary>A partition's clone of its parent's trigger comes with that.</summary>
    private static string IsClone(int version) => version >= 15_00_00 ? "t.tgparentid <> 0" : "false";

    private static string Triggers(int version) =>
        $"""
        select 2620::oid, t.oid, {(int)DdlStage.Trigger}, c.relname || ' ' || t.tgname, pg_get_triggerdef(t.oid), {NoNeeds}
        from {FromRelations} join pg_catalog.pg_trigger t on t.tgrelid = c.oid where {OwnRelation("r, p, v, f")} and not t.tgisinternal and not {IsClone(version)}
        """;

    private static string TriggerStates(int version) =>
        $"""
        select 0::oid, t.oid, {(int)DdlStage.TriggerState}, c.relname || ' ' || t.tgname,
          'ALTER TABLE ONLY ' || {Relation} || case t.tgenabled when 'D' then ' DISABLE' when 'R' then ' ENABLE REPLICA' when 'A' then ' ENABLE ALWAYS' else ' ENABLE' end || ' TRIGGER ' || quote_ident(t.tgname), array[c.oid]
        from {FromRelations} join pg_catalog.pg_trigger t on t.tgrelid = c.oid {(version >= 13_00_00 ? "left join pg_catalog.pg_trigger u on u.oid = t.tgparentid" : "")}
        where {OwnRelation("r, p, v, f")} and {(version >= 13_00_00
            ? "case when u.oid is not null then u.tgenabled <> t.tgenabled and not exists (select from pg_catalog.pg_constraint k where k.oid = t.tgconstraint and k.contype = 'f') else not t.tgisinternal and t.tgenabled <> 'O' end"
            : "not t.tgisinternal and t.tgenabled <> 'O'")}
        """;

    /// <summary>Rights on relations, those of one grantee together.</summary>
    private static string Grants(string kinds, string word) =>
        $"""
        select 0::oid, min(g.oid::bigint)::oid, {(int)DdlStage.Grant}, '{word} ' || min(g.name),
          'GRANT ' || g.privileges || ' ON {word} ' || string_agg(g.name, ', ' order by g.name) || ' TO ' || g.grantee || case when g.is_grantable then ' WITH GRANT OPTION' else '' end, {NoNeeds}
        from (select c.oid, {Relation} as name, string_agg(x.privilege_type, ', ' order by x.privilege_type) as privileges,
                case when x.grantee = 0 then 'PUBLIC' else (select quote_ident(r.rolname) from pg_catalog.pg_roles r where r.oid = x.grantee) end as grantee, x.is_grantable
              from {FromRelations} cross join lateral aclexplode(c.relacl) x where {OwnRelation(kinds)} and x.grantee <> c.relowner group by c.oid, x.grantee, x.is_grantable) g
        where g.grantee is not null group by g.privileges, g.grantee, g.is_grantable
        """;

    private static string SchemaGrants =>
        $"""
        select 0::oid, n.oid, {(int)DdlStage.Grant}, 'SCHEMA ' || n.nspname,
          'GRANT ' || string_agg(x.privilege_type, ', ' order by x.privilege_type) || ' ON SCHEMA ' || quote_ident(n.nspname) || ' TO ' || case when x.grantee = 0 then 'PUBLIC' else quote_ident(r.rolname) end, {NoNeeds}
        from pg_catalog.pg_namespace n cross join lateral aclexplode(n.nspacl) x left join pg_catalog.pg_roles r on r.oid = x.grantee
        where {Own("n.nspname")} and x.grantee <> n.nspowner and not (n.nspname = 'public' and x.grantee = 0 and x.privilege_type = 'USAGE') and (x.grantee = 0 or r.oid is not null) group by n.oid, n.nspname, x.grantee, r.rolname
        """;

    private static string FunctionGrants =>
        $"""
        select 0::oid, p.oid, {(int)DdlStage.Grant}, 'FUNCTION ' || p.proname, 'GRANT EXECUTE ON ROUTINE ' || p.oid::regprocedure::text || ' TO ' || string_agg(quote_ident(r.rolname), ', ' order by r.rolname), {NoNeeds}
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace cross join lateral aclexplode(p.proacl) x join pg_catalog.pg_roles r on r.oid = x.grantee
        where {OwnFunction} and x.grantee <> p.proowner group by p.oid, p.proname
        union all
        select 0, p.oid, {(int)DdlStage.Grant}, 'FUNCTION ' || p.proname, 'REVOKE ALL ON ROUTINE ' || p.oid::regprocedure::text || ' FROM PUBLIC', {NoNeeds}
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where {OwnFunction} and p.proacl is not null and not exists (select from aclexplode(p.proacl) x where x.grantee = 0)
        """;

    private static string Views =>
        $"""
        select 1259::oid, c.oid, {(int)DdlStage.View}, c.relname::text,
          'CREATE ' || case c.relkind when 'm' then 'MATERIALIZED ' else '' end || 'VIEW ' || {Relation}
          || coalesce((select ' USING ' || quote_ident(m.amname) from pg_catalog.pg_am m where m.oid = c.relam and m.amname <> 'heap'), '')
          || coalesce(' WITH (' || {Options("c.reloptions")} || ')', '') || E' AS\n' || rtrim(pg_get_viewdef(c.oid), ';') || case c.relkind when 'm' then E'\nWITH NO DATA' else '' end, {NoNeeds}
        from {FromRelations} where {OwnRelation("v, m")}
        """;

    private static string Refreshes =>
        $"""
        select 0::oid, c.oid, {(int)DdlStage.Refresh}, c.relname::text, 'REFRESH MATERIALIZED VIEW ' || {Relation}, array[c.oid]
        from {FromRelations} where {OwnRelation("m")} and c.relispopulated
        """;
}
