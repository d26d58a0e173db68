using System.Collections.Immutable;
using AgentHost.Skills.DesignSchema.Model;

namespace AgentHost.Skills.DesignSchema.Physical;

internal sealed partial class PhysicalDesigner
{
    /// <summary>The widest entry of a btree, about a third of an 8 KiB page (BTMaxItemSize).</summary>
    private const int WidestBtreeEntry = 2704;

    /// <summary>Rows from which partitioning is worth a thought of its own.</summary>
    private const long ManyRows = 100_000_000;

    private readonly HashSet<string> created = new(StringComparer.Ordinal);

    private Table Finish(Draft d, List<PatternPlan> patterns)
    {
        var primary = new KeyConstraint(names.Make(d.Name, [], "pkey"), d.PrimaryKey);
        var indexes = new List<IndexDraft> { Constraint(primary) };
        var uniques = new List<KeyConstraint>();
        foreach (var set in d.UniqueSets)
        {
            AddUniqueSet(d, set, indexes, uniques);
            WarnOfWideKey(d, set, "unique");
        }
        if (d.IsTenantReferenced)
            AddUnique(d, [d.TenantColumn!, "id"], nullsNotDistinct: false, indexes, uniques);
        var keys = d.ForeignKeys.Select(k => k with
        {
            Name = names.Make(d.Name, [k.OwnColumn], "fkey"),
            IsDeferredToEnd = k.References != d.Name && !created.Contains(k.References),
        }).ToImmutableArray();
        created.Add(d.Name);
        var needs = model.AccessPatterns.Where(p => Owner(p) == d).Select(p => Need(p, d)).OfType<PatternNeed>().ToList();
        var (planned, serving) = IndexPlanner.Plan(indexes, keys, needs);
        foreach (var index in planned)
            index.Name ??= names.Make(d.Name, index.Columns.Select(c => c.Name), index.IsUnique ? "key" : "idx");
        foreach (var (need, index) in serving)
        {
            patterns.Add(new PatternPlan(need.Pattern.Name, d.Name, need.Filter, need.Range,
                [.. need.Pattern.Sort.Select(s => new IndexColumn(d.ColumnsByName[s.Attribute.Name], s.Descending)).Where(s => !need.Filter.Contains(s.Name)).DistinctBy(s => s.Name)],
                need.Pattern.Limit, need.OnlyLive, index.Name!));
        }
        foreach (var index in planned.Where(i => i.Purposes.Exists(p => p.StartsWith("access", StringComparison.Ordinal)) && !i.IsUnique))
            DecideIndex(d, index);
        if (d.Entity?.Rows >= ManyRows)
            log.Warn($"{d.Name} is expected to hold {d.Entity.Rows:N0} rows; it is designed as one table. Measure before partitioning, and decide the partition key together with retention");
        return new Table(d.Name, d.Role, d.Comment, [.. d.Columns], primary, [.. uniques], keys, [.. d.Checks],
            [.. planned.Select(i => new IndexPlan(i.Name!, i.Columns, i.IsUnique, i.OnlyLive, string.Join("; ", i.Purposes.Distinct(StringComparer.Ordinal)))
            {
                NullsNotDistinct = i.NullsNotDistinct, WhereNull = i.WhereNull, WherePresent = i.WherePresent,
            })])
        {
            TenantColumn = root is null ? null : d.TenantKey, IsSoftDeleted = d.IsSoftDeleted,
            HasUpdatedAt = d.HasUpdatedAt && d.Role != TableRole.Lookup, LookupValues = d.LookupValues,
        };
    }

    private static IndexDraft Constraint(KeyConstraint key) =>
        new([.. key.Columns.Select(c => new IndexColumn(c, false))]) { Name = key.Name, IsUnique = true, IsConstraint = true, NullsNotDistinct = key.NullsNotDistinct };

    private Draft? Owner(AccessPattern p) => byName.GetValueOrDefault(p.Entity.Name) ?? byName.GetValueOrDefault(Singular(p.Entity.Name));

    private void AddAccessPatternProblems()
    {
        foreach (var pattern in model.AccessPatterns)
            Find(pattern.Entity, $"access pattern '{pattern.Name}'");
    }

    private PatternNeed? Need(AccessPattern p, Draft d)
    {
        var where = $"access pattern '{p.Name}'";
        var filter = p.Filter.Select(f => d.Resolve(f, where, problems)).ToList();
        var sort = p.Sort.Select(s => (Column: d.Resolve(s.Attribute, where, problems), s.Descending)).ToList();
        var range = p.Range is { } r ? d.Resolve(r, where, problems) : null;
        if (filter.Contains(null) || sort.Exists(s => s.Column is null) || (p.Range is not null && range is null))
            return null;
        var equality = new[] { d.TenantColumn }.Concat(filter).OfType<string>().Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (range is not null && equality.Contains(range))
            problems.Add(p.Range!, $"{where} has '{p.Range!.Written}' both as filter (one value) and as range");
        var tail = sort.Where(s => !equality.Contains(s.Column!)).DistinctBy(s => s.Column).Select(s => (s.Column!, (bool?)s.Descending)).ToList();
        if (range is not null && !tail.Exists(t => t.Item1 == range))
            tail.Add((range, null));
        var indexable = Indexable(d, equality, where);
        if (indexable.IsEmpty && tail.Count == 0)
            indexable = [d.TenantKey!];
        WarnOfWideKey(d, [.. indexable, .. tail.Select(t => t.Item1)], where);
        return new PatternNeed(p, equality, indexable, range, [.. tail], d.IsSoftDeleted);
    }

    /// <summary>
    /// Behind a policy a comparison that is not leakproof runs after it, on the row: it cannot be an index condition, nor make the column constant
    /// for a sort. Of the types known here these are numeric, jsonb and enum types (pg_proc.proleakproof of the btree operators, 14 to 18).
    /// </summary>
    private ImmutableArray<string> Indexable(Draft d, ImmutableArray<string> equality, string where)
    {
        if (d.TenantKey is null)
            return equality;
        var left = equality.Where(c => !d[c].SqlType.StartsWith("numeric", StringComparison.Ordinal) && d[c].SqlType != "jsonb" && d[c].Type is not { IsNativeEnum: true }).ToImmutableArray();
        foreach (var column in equality.Except(left, StringComparer.Ordinal))
            log.Warn($"{where}: under row-level security the comparison of {column} ({d[column].SqlType}) is a filter behind the index scan, as PostgreSQL does not mark it leakproof; its index leaves {column} out");
        return left;
    }

    private void WarnOfWideKey(Draft d, IEnumerable<string> columns, string why)
    {
        foreach (var column in columns.Select(c => d[c]).Where(c => c.Type?.WidestKeyBytes > WidestBtreeEntry))
            log.Warn($"{d.Name}.{column.Name} stands in an index ({why}) and may be wider than the {WidestBtreeEntry} bytes a btree entry holds; a longer value would be refused at insert. Give it 'max: 600' or less, or filter on something else");
    }

    private void DecideIndex(Draft d, IndexDraft index)
    {
        var columns = string.Join(", ", index.Columns.Select(c => c.Name + (c.Descending ? " DESC" : "")));
        var because = $"serves {string.Join(" and ", index.Purposes.Distinct(StringComparer.Ordinal))}: the columns compared with = come first, then the sort, then a range"
            + (d.TenantColumn is null ? "" : "; the tenant leads, because every query has it")
            + (index.OnlyLive ? "; only live rows are in it" : d.IsSoftDeleted ? "; not partial, because the foreign key's checks read deleted rows as well" : "");
        log.Decide($"index {d.Name} ({columns}){(index.OnlyLive ? " WHERE deleted_at IS NULL" : "")}", because, "access-pattern-indexes", "Column order");
    }

    private void DecideOverall(ImmutableArray<Table> tables)
    {
        var columns = tables.SelectMany(t => t.Columns).ToList();
        if (columns.Exists(c => c.IsIdentity))
            log.Decide("primary keys are bigint GENERATED ALWAYS AS IDENTITY", "8 bytes, in order of insertion, never exhausted; ALWAYS keeps a client from writing its own number", "primary-key-choice", "Identity");
        if (columns.Exists(c => c.Default is "uuidv7()" or "uuid_v7()"))
            log.Decide($"UUID keys are version 7, made by {(pgVersion >= 18 ? "PostgreSQL 18's uuidv7()" : "the function uuid_v7() of this schema (uuidv7() is new in 18)")}", "version 7 grows with time, so inserts stay at the right edge of the index, which gen_random_uuid() (version 4) would scatter", "primary-key-choice", "UUID version 7");
        if (!model.Options.PlainTimestamps)
            log.Decide("instants are timestamptz", "a moment means the same in every session's time zone, at the same 8 bytes", "timestamptz-always", "Why");
        log.Decide("every entity has created_at and updated_at, the latter kept by a trigger", "a trigger holds for every writer, also for a fix by hand", "created-updated-deleted-columns", "The trigger");
        if (columns.Exists(c => c.SqlType == "text" && c.Type?.MaxLength is not null))
            log.Decide("texts are text with CHECK (length(…) <= n), not varchar(n)", "the same storage and speed; the limit has a name and is changed without a table lock for long (NOT VALID, then VALIDATE)", "text-not-varchar-n", "What to write");
        if (checkedEnums.Count > 0)
            log.Decide($"{string.Join(", ", checkedEnums)}: text with CHECK", $"at most {LookupThreshold} values that carry no data of their own: read without a join and changed by one short ALTER; a native enum could not drop a value", "enum-check-or-lookup-table", "Which to choose");
        if (columns.Exists(c => c.Type?.Word == "money" && c.SqlType != "bigint"))
            log.Decide("money is numeric(19,4)", "exact in every operation; float loses cents and the type money follows a server setting", "money-and-numeric", "Money");
        if (tables.Any(t => !t.ForeignKeys.IsEmpty))
            log.Decide("every foreign key says ON DELETE and has an index", "the action is a decision of the domain, not a default; without the index each delete of a parent reads the whole child table", "foreign-key-actions", "Index the referencing side");
        if (tables.Any(t => t.IsSoftDeleted))
            log.Decide("deleted rows keep deleted_at; unique and access-pattern indexes hold live rows only", "a deleted row must not block its successor's name, nor be read past by every query", "soft-delete", "Indexes and uniqueness");
        if (root is not null)
            DecideTenancy();
    }

    private void DecideTenancy()
    {
        log.Decide($"row-level security on every tenanted table, by {tenantColumn} = app.tenant_id, ENABLE and FORCE", "a forgotten WHERE in the application then shows nothing instead of another tenant's rows; FORCE holds the tables' owner to it as well", "multi-tenant-row-level-security", "The policy");
        if (drafts.Exists(d => d.IsTenantReferenced))
            log.Decide("foreign keys between tenanted tables carry the tenant: (tenant, parent) references (tenant, id)", "referential checks do not obey row-level security, so only the key itself keeps a row from pointing into another tenant", "multi-tenant-row-level-security", "Composite foreign keys");
        log.Warn($"the application must connect as a role that is neither superuser nor BYPASSRLS, and SET LOCAL app.tenant_id in each transaction; creating {root!.Name}s and jobs over all tenants need a role of their own with BYPASSRLS");
        var shared = drafts.Where(d => d.Role == TableRole.Entity && d.TenantKey is null).Select(d => d.Name).ToList();
        if (shared.Count > 0)
            log.Warn($"shared by all tenants, so readable by each: {string.Join(", ", shared)}");
    }
}
