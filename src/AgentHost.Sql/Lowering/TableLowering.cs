using System.Collections.Immutable;
using System.Text.Json;
using AgentHost.Sql.Parsing;
using AgentHost.Sql.Statements;

namespace AgentHost.Sql.Lowering;

/// <summary>Tables, domains, columns and constraints.</summary>
internal static class TableLowering
{
    public static CreateTable Create(JsonElement node, TokenRange tokens)
    {
        var relation = node.GetProperty("relation");
        var columns = ImmutableArray.CreateBuilder<ColumnDefinition>();
        var constraints = ImmutableArray.CreateBuilder<TableConstraint>();
        var like = ImmutableArray.CreateBuilder<QualifiedName>();
        foreach (var element in node.Items("tableElts"))
        {
            var (kind, body) = element.Unwrap();
            if (kind == "ColumnDef") columns.Add(Column(body, tokens));
            else if (kind == "Constraint" && Constraint(body, tokens.FromByte(body.Number("location")).Item(), column: null) is { } constraint) constraints.Add(constraint);
            else if (kind == "TableLikeClause") like.Add(NameLowering.Relation(body.GetProperty("relation")));
        }
        var parents = node.Items("inhRelations").Select(p => NameLowering.Relation(p.Unwrap().Body)).ToImmutableArray();
        var isPartition = node.Field("partbound") is not null;
        return new CreateTable(
            NameLowering.Relation(relation), node.Flag("if_not_exists"), NameLowering.IsTemporary(relation),
            columns.DrainToImmutable(), constraints.DrainToImmutable())
        {
            Span = tokens.Span,
            PartitionOf = isPartition ? parents[0] : null,
            Inherits = isPartition ? [] : parents,
            IsDefaultPartition = node.Field("partbound")?.Flag("is_default") == true,
            Bound = node.Field("partbound") is { } bound ? Bound(bound) : null,
            IsPartitioned = node.Field("partspec") is not null,
            PartitionKey = [.. (node.Field("partspec")?.Items("partParams") ?? default).Select(p => p.As("PartitionElem")?.Text("name"))],
            IsTyped = node.Field("ofTypename") is not null,
            IsUnlogged = relation.Text("relpersistence") == "u",
            Like = like.DrainToImmutable(),
        };
    }

    /// <summary>The constants of a partition's bound; null where it has none (DEFAULT, a hash partition).</summary>
    public static PartitionBound? Bound(JsonElement bound) => bound.Text("strategy") is "r" or "l"
        ? new PartitionBound(Constants(bound, "lowerdatums"), Constants(bound, "upperdatums"), Constants(bound, "listdatums"))
        : null;

    private static ImmutableArray<string?> Constants(JsonElement bound, string field) => [.. bound.Items(field).Select(Constant)];

    private static string? Constant(JsonElement node)
    {
        while (node.As("TypeCast")?.Field("arg") is { } inner) node = inner;
        return node.As("A_Const")?.ConstantText();
    }

    public static CreateDomain Domain(JsonElement node, TokenRange tokens)
    {
        var constraints = Inline(node.Items("constraints"), tokens, stop: tokens.End, column: null);
        return new CreateDomain(
            NameLowering.Dotted(node.Strings("domainname")), NameLowering.Type(node.GetProperty("typeName")),
            [.. constraints.Select(c => c.Constraint).OfType<TableConstraint>()])
        {
            Span = tokens.Span,
            Default = constraints.Select(c => c.Default).FirstOrDefault(d => d is not null),
        };
    }

    /// <summary>Lowers a ColumnDef that stands somewhere in these tokens.</summary>
    public static ColumnDefinition Column(JsonElement node, TokenRange tokens)
    {
        var item = tokens.FromByte(node.Number("location")).Item();
        var name = node.Text("colname") ?? "";
        var collation = node.Field("collClause")?.Number("location") is { } at ? item.FromByte(at).First : item.End;
        var inline = Inline(node.Items("constraints"), item, collation, name);
        var type = node.Field("typeName") is { } written ? NameLowering.Type(written) : new TypeName(new QualifiedName(null, ""), [], 0);
        var constraints = inline.Select(c => c.Constraint).OfType<TableConstraint>().ToImmutableArray();
        return new ColumnDefinition(name, type, constraints, item.Span)
        {
            Default = inline.Select(c => c.Default).FirstOrDefault(d => d is not null),
            Generated = inline.Select(c => c.Generated).FirstOrDefault(g => g is not null),
            Collation = node.Field("collClause") is { } collate ? NameLowering.Builtin(collate.Strings("collname")) : null,
            IsIdentity = inline.Any(c => c.IsIdentity),
            IsNotNull = constraints.Any(c => c.Kind == ConstraintKind.NotNull),
        };
    }

    /// <summary>Lowers a Constraint; null for what is none: NULL, DEFERRABLE, GENERATED, DEFAULT.</summary>
    /// <param name="tokens">Its tokens, from the first to the last.</param>
    /// <param name="column">The column that it is written at, or null for a table constraint.</param>
    public static TableConstraint? Constraint(JsonElement node, TokenRange tokens, string? column)
    {
        ConstraintKind? kind = node.Text("contype") switch
        {
            "CONSTR_NOTNULL" => ConstraintKind.NotNull,
            "CONSTR_CHECK" => ConstraintKind.Check,
            "CONSTR_UNIQUE" => ConstraintKind.Unique,
            "CONSTR_PRIMARY" => ConstraintKind.PrimaryKey,
            "CONSTR_FOREIGN" => ConstraintKind.ForeignKey,
            "CONSTR_EXCLUSION" => ConstraintKind.Exclusion,
            _ => null,
        };
        if (kind is not { } known) return null;
        var columns = known switch
        {
            ConstraintKind.Check => [],
            _ when column is not null => [column],
            ConstraintKind.ForeignKey => node.Strings("fk_attrs"),
            ConstraintKind.Exclusion => [.. node.Items("exclusions").Select(ExcludedColumn).OfType<string>()],
            _ => node.Strings("keys"),
        };
        return new TableConstraint(known, node.Text("conname"), columns, tokens.Span)
        {
            Check = known == ConstraintKind.Check ? ExpressionLowering.Lower(node.GetProperty("raw_expr"), tokens.After("check").Bracketed()) : null,
            References = node.Field("pktable") is { } table ? NameLowering.Relation(table) : null,
            ReferencedColumns = node.Strings("pk_attrs"),
            NotValid = node.Flag("skip_validation"),
            UsingIndex = node.Text("indexname"),
            Method = node.Text("access_method"),
            Include = node.Strings("including"),
            NoInherit = node.Flag("is_no_inherit"),
            OnDelete = Action(node.Text("fk_del_action")),
            OnUpdate = Action(node.Text("fk_upd_action")),
            OnDeleteColumns = node.Strings("fk_del_set_cols"),
            NullsNotDistinct = node.Flag("nulls_not_distinct"),
        };
    }

    private static string? Action(string? code) => code switch { "c" => "CASCADE", "n" => "SET NULL", "d" => "SET DEFAULT", "r" => "RESTRICT", _ => null };

    private static string? ExcludedColumn(JsonElement exclusion)
    {
        foreach (var part in exclusion.As("List")?.Items("items") ?? default)
            return part.As("IndexElem")?.Text("name");
        return null;
    }

    private readonly record struct InlineClause(TableConstraint? Constraint, Expression? Default, Expression? Generated, bool IsIdentity);

    /// <summary>Lowers the clauses behind a column's or domain's type; each runs up to the next one.</summary>
    private static List<InlineClause> Inline(JsonElement.ArrayEnumerator nodes, TokenRange item, int stop, string? column)
    {
        var clauses = nodes.Select(n => n.As("Constraint")!.Value)
            .Select(c => (Node: c, First: item.FromByte(c.Number("location")).First))
            .ToList();
        // DEFERRABLE and INITIALLY DEFERRED are nodes of their own but belong to the clause before them.
        var starts = clauses.Where(c => !c.Node.Text("contype")!.StartsWith("CONSTR_ATTR", StringComparison.Ordinal)).Select(c => c.First).ToList();
        starts.Add(stop);
        starts.Sort();
        var lowered = new List<InlineClause>(clauses.Count);
        foreach (var (node, first) in clauses)
        {
            var next = starts.BinarySearch(first + 1);
            var tokens = item.From(first).Until(next < 0 && ~next == starts.Count ? item.End : starts[next < 0 ? ~next : next]);
            lowered.Add(node.Text("contype") switch
            {
                "CONSTR_DEFAULT" => new InlineClause(null, ExpressionLowering.Lower(node.GetProperty("raw_expr"), tokens.After("default")), null, false),
                "CONSTR_GENERATED" => new InlineClause(null, null, ExpressionLowering.Lower(node.GetProperty("raw_expr"), tokens.Bracketed()), false),
                "CONSTR_IDENTITY" => new InlineClause(null, null, null, IsIdentity: true),
                _ => new InlineClause(Constraint(node, tokens, column), null, null, false),
            });
        }
        return lowered;
    }
}
