using System.Collections.Immutable;
using System.Text.Json;

namespace AgentHost.Sql.Lowering;

/// <summary>
/// Visits every node below one, without recursion: a tree may be hundreds of thousands of levels deep.
/// Names of common table expressions are known where PostgreSQL knows them (manual, section 7.8).
/// </summary>
internal readonly ref struct TreeWalk
{
    private readonly Stack<(JsonElement Element, string Name, CteScope? Scope)> _pending = new();

    public TreeWalk(string name, JsonElement root) => _pending.Push((root, name, null));

    /// <summary>Visits the next object: the name of the property that holds it (a node's kind or a field's name), its fields, the names in scope.</summary>
    public bool Next(out string name, out JsonElement fields, out CteScope? scope)
    {
        while (_pending.TryPop(out var next))
        {
            if (next.Element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in next.Element.EnumerateArray()) _pending.Push((item, next.Name, next.Scope));
                continue;
            }
            if (next.Element.ValueKind != JsonValueKind.Object) continue;
            (fields, name, scope) = (next.Element, next.Name, PushFields(next.Element, next.Scope));
            return true;
        }
        (name, fields, scope) = ("", default, null);
        return false;
    }

    private CteScope? PushFields(JsonElement fields, CteScope? scope)
    {
        if (fields.Field("withClause") is { } with)
        {
            var outer = scope;
            foreach (var item in with.Items("ctes")) scope = new CteScope(item.As("CommonTableExpr")?.Text("ctename") ?? "", scope);
            var visible = with.Flag("recursive") ? scope : outer;
            foreach (var item in with.Items("ctes"))
            {
                _pending.Push((item, "ctes", visible));
                if (!with.Flag("recursive")) visible = new CteScope(item.As("CommonTableExpr")?.Text("ctename") ?? "", visible);
            }
        }
        foreach (var property in fields.EnumerateObject())
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !property.NameEquals("withClause"))
                _pending.Push((property.Value, property.Name, scope));
        return scope;
    }
}

/// <summary>The names of the common table expressions that hide relations, innermost first.</summary>
internal sealed record CteScope(string Name, CteScope? Outer)
{
    public static bool Hides(CteScope? scope, QualifiedName relation)
    {
        if (relation.Schema is not null) return false;
        for (; scope is not null; scope = scope.Outer)
            if (scope.Name == relation.Name)
                return true;
        return false;
    }
}
