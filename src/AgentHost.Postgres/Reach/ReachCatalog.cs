using System.Collections.Immutable;
using Npgsql;

namespace AgentHost.Postgres.Reach;

/// <summary>Reads from a database's catalog what names in a piece of code may mean, whatever its search_path, and the code behind it.</summary>
internal sealed class ReachCatalog(NpgsqlConnection open)
{
    /// <summary>Objects below this number come with the server and are nobody's to change (transam.h, FirstNormalObjectId).</summary>
    private const int FirstOwn = 16384;

    private readonly int version = open.PostgreSqlVersion.Major;

    /// <summary>Does work while names and operators of ours mean PostgreSQL's own, and then gives the transaction its search_path back.</summary>
    public static async Task<T> InOwnPathAsync<T>(NpgsqlConnection open, Func<ReachCatalog, Task<T>> work, CancellationToken ct)
    {
        await using var enter = new NpgsqlBatch(open)
        {
            BatchCommands = { new("select pg_catalog.current_setting('search_path')"), new("set local search_path = pg_catalog, pg_temp") },
        };
        var path = (string)(await enter.ExecuteScalarAsync(ct))!;
        var result = await work(new ReachCatalog(open));
        await using var leave = new NpgsqlCommand("select pg_catalog.set_config('search_path', $1, true)", open) { Parameters = { new() { Value = path } } };
        await leave.ExecuteNonQueryAsync(ct);
        return result;
    }

    /// <summary>
    /// Functions that expressions call without naming them: behind users' operators, casts, operator classes and ranges. Those that PostgreSQL
    /// or an extension brings and that only compute are left out.
    /// </summary>
    public Task<ImmutableArray<UnnamedCall>> UnnamedCallsAsync(CancellationToken ct) => ReadAsync(
        $"""
        select c.operator, c.label, c.function
        from (
            select oprname::text as operator, 'the operator ' || oprname as label, oprcode::oid as function from pg_catalog.pg_operator where oid >= {FirstOwn}
            union all
            select null, 'the cast from ' || format_type(castsource, null) || ' to ' || format_type(casttarget, null), castfunc::oid from pg_catalog.pg_cast where oid >= {FirstOwn}
            union all
            select null, 'the operator class of ' || format_type(amproclefttype, null), amproc::oid from pg_catalog.pg_amproc where oid >= {FirstOwn}
            union all
            select null, 'the range ' || format_type(rngtypid, null), unnest(array[rngsubdiff::oid, rngcanonical::oid]) from pg_catalog.pg_range where rngtypid >= {FirstOwn}) c
        join pg_catalog.pg_proc p on p.oid = c.function
        join pg_catalog.pg_language l on l.oid = p.prolang
        where p.proname = any(@runs)
            or not (p.provolatile <> 'v' and p.oid < {FirstOwn}) and not (l.lanname in ('c', 'internal') and {OfExtension} and (p.provolatile <> 'v' or c.operator is null))
        """,
        row => new UnnamedCall(Text(row, 0), row.GetString(1), row.GetFieldValue<uint>(2)), ct, ("runs", KnownFunctions.RunsText.ToArray()));

    /// <summary>Functions by the names that are called, by names that may be a call in a column's guise (<c>row.function</c>), or by number.</summary>
    public Task<ImmutableArray<Function>> FunctionsAsync(IEnumerable<string> called, IEnumerable<string> names, IEnumerable<uint> oids, CancellationToken ct) => ReadAsync(
        $"""
        select p.oid, p.proname::text, p.provolatile::text, l.lanname::text, p.oid < {FirstOwn}, {OfExtension},
            case when p.oid >= {FirstOwn} then {(version >= 14 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc")} end,
            case when p.oid >= {FirstOwn} then pg_get_expr(p.proargdefaults, 0) end,
            array(select t from unnest(p.proargtypes::oid[] || coalesce(p.proallargtypes, array[]::oid[]) || p.prorettype) t where t >= {FirstOwn}),
            exists (select from pg_catalog.pg_aggregate a where a.aggfnoid = p.oid),
            array(
                select f::oid from pg_catalog.pg_aggregate a left join pg_catalog.pg_operator o on o.oid = a.aggsortop,
                    unnest(array[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, o.oprcode]::oid[]) f
                where a.aggfnoid = p.oid and p.oid >= {FirstOwn} and f <> 0),
            exists (select from pg_catalog.pg_type t where t.oid = any(p.proargtypes) and t.typtype in ('c', 'p', 'd')),
            coalesce(array_to_string(p.proconfig, ' '), '')
        from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang
        where p.proname = any(@called) or p.oid = any(@oids)
            or p.proname = any(@names) and p.oid >= {FirstOwn} and exists (
                select from pg_catalog.pg_type t where t.oid = any(p.proargtypes) and t.typtype in ('c', 'p', 'd'))
        """,
        row => new Function(
            row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2) == "v", row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), Text(row, 6), Text(row, 7),
            [.. row.GetFieldValue<uint[]>(8)], row.GetBoolean(9), [.. row.GetFieldValue<uint[]>(10)], row.GetBoolean(11), row.GetString(12)),
        ct, ("called", called.ToArray()), ("names", names.ToArray()), ("oids", oids.ToArray()));

    /// <summary>Users' relations and types by name.</summary>
    public Task<ImmutableArray<Named>> NamedAsync(IEnumerable<string> names, CancellationToken ct) => ReadAsync(
        $"""
        select relname::text, oid, true from pg_catalog.pg_class where relname = any(@names) and oid >= {FirstOwn}
        union all
        select typname::text, oid, false from pg_catalog.pg_type where typname = any(@names) and oid >= {FirstOwn} and typrelid = 0
        """,
        row => new Named(row.GetString(0), row.GetFieldValue<uint>(1), row.GetBoolean(2)), ct, ("names", names.ToArray()));

    /// <summary>
    /// The code that users' relations, or else types, hold, with that of their partitions, their columns' types and what these are made of:
    /// views' queries, policies, virtual columns, domains' checks, and what the planner works out of constraints, indexes and statistics.
    /// </summary>
    public Task<ImmutableArray<HeldCode>> HeldCodeAsync(IEnumerable<uint> roots, bool areRelations, CancellationToken ct) => ReadAsync(
        $"""
        with recursive thing(root, relation, id) as (
            select r, @areRelations, r from unnest(@roots) r
            union
            select x.root, n.relation, n.id
            from thing x cross join lateral (
                select true, inhrelid from pg_catalog.pg_inherits where x.relation and inhparent = x.id
                union all
                select false, atttypid from pg_catalog.pg_attribute where x.relation and attrelid = x.id and attnum > 0 and not attisdropped
                union all
                select false, unnest(array[typbasetype, typelem]) from pg_catalog.pg_type where not x.relation and oid = x.id
                union all
                select true, typrelid from pg_catalog.pg_type where not x.relation and oid = x.id
                union all
                select false, rngsubtype from pg_catalog.pg_range where not x.relation and rngtypid = x.id) n(relation, id)
            where n.id >= {FirstOwn})
        select x.root, k.label, k.code, k.stage
        from thing x cross join lateral (
            select 'the view ' || c.oid::regclass, pg_get_viewdef(c.oid), 0 from pg_catalog.pg_class c where x.relation and c.oid = x.id and c.relkind = 'v'
            union all
            select 'the foreign table ' || c.oid::regclass, null, 0 from pg_catalog.pg_class c where x.relation and c.oid = x.id and c.relkind = 'f'
            union all
            select 'the policy ' || quote_ident(p.polname) || ' of ' || c.oid::regclass, pg_get_expr(p.polqual, c.oid), 0
            from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
            where x.relation and c.oid = x.id and c.relrowsecurity and p.polcmd in ('r', '*') and p.polqual is not null
            {(version >= 18 ? """
            union all
            select 'the column ' || quote_ident(a.attname) || ' of ' || a.attrelid::regclass, pg_get_expr(d.adbin, a.attrelid), 0
            from pg_catalog.pg_attribute a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where x.relation and a.attrelid = x.id and a.attgenerated = 'v'
            """ : "")}
            union all
            select 'the check ' || quote_ident(conname) || ' of ' || conrelid::regclass, pg_get_expr(conbin, conrelid), 1
            from pg_catalog.pg_constraint where x.relation and conrelid = x.id and contype = 'c'
            union all
            select 'the index ' || indexrelid::regclass, concat_ws(' ', pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid)), 1
            from pg_catalog.pg_index where x.relation and indrelid = x.id and (indexprs is not null or indpred is not null)
            union all
            select 'the partition key of ' || partrelid::regclass, pg_get_expr(partexprs, partrelid), 1
            from pg_catalog.pg_partitioned_table where x.relation and partrelid = x.id and partexprs is not null
            {(version >= 14 ? """
            union all
            select 'the statistics ' || quote_ident(stxname), pg_get_expr(stxexprs, stxrelid), 1
            from pg_catalog.pg_statistic_ext where x.relation and stxrelid = x.id and stxexprs is not null
            """ : "")}
            union all
            select 'the domain ' || contypid::regtype, pg_get_expr(conbin, 0), 2
            from pg_catalog.pg_constraint where not x.relation and contypid = x.id) k(label, code, stage)
        """,
        row => new HeldCode(row.GetFieldValue<uint>(0), row.GetString(1), Text(row, 2), (Stage)row.GetInt32(3)),
        ct, ("roots", roots.ToArray()), ("areRelations", areRelations));

    private const string OfExtension =
        "exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')";

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private async Task<ImmutableArray<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, open);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(value is uint[]
                ? new NpgsqlParameter(name, NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Oid) { Value = value }
                : new NpgsqlParameter(name, value));
        }

        var rows = ImmutableArray.CreateBuilder<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows.DrainToImmutable();
    }
}

/// <summary>When code runs that something holds: with what names it, only where the planner works out constants, or in any case.</summary>
internal enum Stage { AsNamed, Planned, Executed }

/// <summary>A function that expressions call without naming it; <paramref name="Operator"/> is null where no text shows the call.</summary>
internal sealed record UnnamedCall(string? Operator, string Label, uint Function);

/// <summary>A relation, else a type, of a user.</summary>
internal sealed record Named(string Name, uint Oid, bool IsRelation);

/// <summary>Code that a relation or type (<paramref name="Root"/>) holds; null where it cannot be read.</summary>
internal sealed record HeldCode(uint Root, string Label, string? Code, Stage Stage);

/// <summary>A function, and what is known of what it does.</summary>
internal sealed record Function(
    uint Oid, string Name, bool IsVolatile, string Language, bool IsSystem, bool IsOfExtension, string? Body, string? Defaults,
    ImmutableArray<uint> Types, bool IsAggregate, ImmutableArray<uint> Supports, bool TakesRow, string Settings)
{
    /// <summary>Whether its code can be read: that of what an extension brings in SQL, too, as it can be replaced.</summary>
    public bool IsReadable => !IsSystem && !IsAggregate && Language is ("sql" or "plpgsql");

    /// <summary>Whether its declaration is to be believed: it comes with the server, compiled with an extension, or by itself with a range type.</summary>
    public bool IsTrusted => IsSystem || (Language == "internal" && KnownFunctions.RangeConstructors.Contains(Body ?? "")) || (IsOfExtension && !IsAggregate && Language is ("c" or "internal"));
}
