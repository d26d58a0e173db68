using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AgentHost.Postgres.Tests.Synthesis;

/// <summary>How rows of a random table are told apart.</summary>
public enum RandomKey
{
    /// <summary>An identity column.</summary>
    Identity,

    /// <summary>An identity column, and the tenant with it.</summary>
    Tenant,

    /// <summary>Two numbers, the first of few values.</summary>
    Natural,

    /// <summary>A random UUID.</summary>
    Uuid,

    /// <summary>A UUID, and rows in partitions.</summary>
    Partitioned,
}

/// <summary>A column of a random table.</summary>
/// <param name="Kind">Its type and what is asked of it: see <see cref="RandomSchema.Column"/>.</param>
/// <param name="Distinct">How many values it has.</param>
/// <param name="IsSkewed">Whether some of them are common.</param>
/// <param name="Nulls">Per cent of nulls.</param>
public sealed record RandomColumn(string Kind, int Distinct, bool IsSkewed, int Nulls);

/// <summary>A random table.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its other columns.</param>
/// <param name="Parents">How many references it has to tables before it.</param>
/// <param name="HasSelf">Whether rows lead to others of it.</param>
/// <param name="Pair">The number of values of the first of two columns that are unique together; 0 for none.</param>
/// <param name="HasSpan">Whether it has two columns of which one is not above the other.</param>
public sealed record RandomTable(RandomKey Key, int Rows, IReadOnlyList<RandomColumn> Columns, int Parents, bool HasSelf, int Pair, bool HasSpan);

/// <summary>A schema with rows, made up by chance.</summary>
/// <param name="Tables">Its tables; each may lead to those before it.</param>
public sealed record RandomSchema(IReadOnlyList<RandomTable> Tables)
{
    private static readonly string[] Kinds = ["int", "ordered", "text", "status", "bool", "time", "numeric", "date", "tags", "json", "enum", "uuid", "positive", "generated"];

    /// <summary>Schemas of one to four tables.</summary>
    public static Arbitrary<RandomSchema> All { get; } = Arb.From(Schemas(), Smaller);

    private static Gen<RandomSchema> Schemas()
    {
        var column = from kind in Gen.Elements(Kinds)
                     from distinct in Gen.Elements(2, 7, 40, 300, 2000)
                     from skewed in Gen.Elements(true, false)
                     from nulls in Gen.Elements(0, 0, 10, 60)
                     select new RandomColumn(kind, distinct, skewed, nulls);
        var table = from key in Gen.Elements(Enum.GetValues<RandomKey>())
                    from rows in Gen.Elements(300, 1500, 4000, 25_000)
                    from columns in Gen.ListOf(column)
                    from parents in Gen.Choose(0, 2)
                    from self in Gen.Elements(true, false, false)
                    from pair in Gen.Elements(0, 0, 3, 20)
                    from span in Gen.Elements(true, false, false)
                    select new RandomTable(key, rows, [.. columns.Take(6)], parents, self, pair, span);
        return from count in Gen.Choose(1, 4) from tables in Gen.ListOf(table, count) select new RandomSchema([.. tables]);
    }

    private static IEnumerable<RandomSchema> Smaller(RandomSchema schema)
    {
        if (schema.Tables.Count > 1)
            yield return new RandomSchema([.. schema.Tables.SkipLast(1)]);
        var last = schema.Tables[^1];
        for (var i = 0; i < last.Columns.Count; i++)
            yield return new RandomSchema([.. schema.Tables.SkipLast(1), last with { Columns = [.. last.Columns.Where((_, place) => place != i)] }]);
    }

    /// <summary>The statements that make it.</summary>
    public string Sql()
    {
        var sql = new StringBuilder("create type mood as enum ('sad', 'ok', 'happy');\n");
        for (var i = 0; i < Tables.Count; i++)
            Write(sql, i);
        return sql.ToString();
    }

    private void Write(StringBuilder sql, int number)
    {
        var table = Tables[number];
        var (name, columns, names, values, joins, after) = ($"t{number.ToString(CultureInfo.InvariantCulture)}", new List<string>(), new List<string>(), new List<string>(), new StringBuilder(), new StringBuilder());
        void Add(string definition, string? value)
        {
            columns.Add(definition);
            if (value is null)
                return;
            names.Add(definition.Split(' ')[0]);
            values.Add(value);
        }

        var parents = Enumerable.Range(0, number).Where(before => Tables[before].Key is not RandomKey.Partitioned).Reverse().Take(table.Parents).ToList();
        var tenants = parents.FindIndex(parent => Tables[parent].Key == RandomKey.Tenant);
        for (var i = 0; i < parents.Count; i++)
        {
            var rows = Tables[parents[i]].Rows.ToString(CultureInfo.InvariantCulture);
            var isTenant = Tables[parents[i]].Key == RandomKey.Tenant;
            // Rows of one tenant have parents of that one.
            if (isTenant && i != tenants)
                continue;
            joins.Append(CultureInfo.InvariantCulture, $" join (select *, row_number() over () as rn_ from t{parents[i]}) p{i} on p{i}.rn_ = 1 + floor(power({Chance($"p{i}")}, {1 + i % 2}) * {rows})::int");
            Reference(Tables[parents[i]], i, parents[i]);
        }

        switch (table.Key)
        {
            case RandomKey.Identity:
                Add("id bigint generated always as identity primary key", null);
                break;
            case RandomKey.Tenant:
                Add("id bigint generated always as identity primary key", null);
                if (tenants < 0)
                    Add("tenant int not null", $"1 + floor(power({Chance("tenant")}, 2) * 12)::int");
                columns.Add("unique (tenant, id)");
                break;
            case RandomKey.Natural:
                Add("g int not null", "i % 25");
                Add("n int not null", "i / 25");
                columns.Add("primary key (g, n)");
                break;
            default:
                Add("key uuid not null", "md5(i::text)::uuid");
                if (table.Key == RandomKey.Uuid)
                    columns.Add("primary key (key)");
                break;
        }

        for (var i = 0; i < table.Columns.Count; i++)
            Column(table.Columns[i], $"c{i.ToString(CultureInfo.InvariantCulture)}", Add);
        if (table is { Pair: > 0, Key: not RandomKey.Partitioned })
        {
            Add("one int not null", $"i % {table.Pair}");
            Add("two int not null", $"i / {table.Pair}");
            columns.Add("unique (one, two)");
        }

        if (table.HasSpan)
        {
            Add("low int not null", $"{Chance("low")} * 1000");
            Add("high int not null", $"{Chance("low")} * 1000 + {Chance("high")} * 300");
            columns.Add("check (low <= high)");
        }

        if (table is { HasSelf: true, Key: RandomKey.Identity or RandomKey.Tenant })
        {
            var same = table.Key == RandomKey.Tenant ? "tenant, " : "";
            columns.Add("up bigint");
            after.Append(CultureInfo.InvariantCulture, $"alter table {name} add foreign key ({same}up) references {name} ({same}id);\nupdate {name} a set up = b.id from {name} b where b.id = a.id - 3 and a.id % 4 = 0{(same.Length > 0 ? " and a.tenant = b.tenant" : "")};\n");
        }

        sql.Append(CultureInfo.InvariantCulture, $"create table {name} ({string.Join(", ", columns)}){(table.Key == RandomKey.Partitioned ? " partition by hash (key)" : "")};\n");
        for (var part = 0; part < 2 && table.Key == RandomKey.Partitioned; part++)
            sql.Append(CultureInfo.InvariantCulture, $"create table {name}_{part} partition of {name} for values with (modulus 2, remainder {part});\n");
        sql.Append(CultureInfo.InvariantCulture, $"insert into {name} ({string.Join(", ", names)}) {(names.Count == 0 ? $"select from generate_series(1, {table.Rows})" : $"select {string.Join(", ", values)} from generate_series(1, {table.Rows}) i{joins} order by i")};\n{after}");

        void Reference(RandomTable parent, int i, int other)
        {
            switch (parent.Key)
            {
                case RandomKey.Identity:
                    Add($"p{i}_id bigint references t{other}", $"case when i % 10 > 0 then p{i}.id end");
                    break;
                case RandomKey.Tenant:
                    Add("tenant int not null", $"p{i}.tenant");
                    Add($"p{i}_id bigint not null", $"p{i}.id");
                    columns.Add($"foreign key (tenant, p{i}_id) references t{other} (tenant, id)");
                    break;
                case RandomKey.Natural:
                    Add($"p{i}_g int not null", $"p{i}.g");
                    Add($"p{i}_n int not null", $"p{i}.n");
                    columns.Add($"foreign key (p{i}_g, p{i}_n) references t{other} (g, n)");
                    break;
                default:
                    Add($"p{i}_key uuid references t{other}", $"p{i}.key");
                    break;
            }
        }
    }

    /// <summary>A column with its values, which the row's number decides.</summary>
    private static void Column(RandomColumn column, string name, Action<string, string?> add)
    {
        var value = $"floor({(column.IsSkewed ? $"power({Chance(name)}, 3)" : Chance(name))} * {column.Distinct})::int";
        string Null(string given) => column.Nulls == 0 ? given : $"case when {Chance(name + " null")} * 100 >= {column.Nulls} then {given} end";
        var (type, sql) = column.Kind switch
        {
            "ordered" => ("bigint", "i * 3"),
            "text" => ("text", $"'value ' || {value}"),
            "status" => ($"text check ({name} in ('new', 'open', 'done'))", $"(array['new', 'open', 'done'])[1 + {value} % 3]"),
            "bool" => ("boolean", $"{value} = 0"),
            "time" => ("timestamptz", "timestamptz '2024-01-01 00:00:00+00' + i * interval '7 minutes'"),
            "numeric" => ("numeric(10,2)", $"{value} * 1.25"),
            "date" => ("date", $"date '2024-01-01' + {value}"),
            "tags" => ("text[]", $"array['a' || {value}, 'b' || i % 3]"),
            "json" => ("jsonb", $"jsonb_build_object('n', {value}, 'k', i % 4)"),
            "enum" => ("mood", $"(array['sad', 'ok', 'happy'])[1 + {value} % 3]::mood"),
            "uuid" => ("uuid", $"md5({value}::text)::uuid"),
            "positive" => ($"int check ({name} between 0 and 5000)", value),
            _ => ("int", value),
        };
        add($"{name} {type}", Null(sql));
        if (column.Kind == "generated")
            add($"{name}_twice int generated always as ({name} * 2) stored", null);
    }

    private static string Chance(string name) =>
        $"((hashint8extended(i, {(name.Aggregate(7, (sum, letter) => ((sum * 31) + letter) & 0xffffff)).ToString(CultureInfo.InvariantCulture)}) & 1073741823) / 1073741824.0)";
}
