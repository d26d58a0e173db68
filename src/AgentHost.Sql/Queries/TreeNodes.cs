using System.Text.Json;

namespace AgentHost.Sql.Queries;

/// <summary>Steps into libpg_query's tree where any step may be missing.</summary>
internal static class TreeNodes
{
    public static JsonElement? Get(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) ? value : null;

    public static JsonElement? Get(this JsonElement? element, string property) => element is { } e ? e.Get(property) : null;
}
