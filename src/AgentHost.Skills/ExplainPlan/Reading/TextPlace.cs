namespace AgentHost.Skills.ExplainPlan.Reading;

/// <summary>Places in a paste, as messages name them.</summary>
internal static class TextPlace
{
    public static string Of(string text, int at) => $"line {Line(text, at)}, column {Column(text, at)}";

    public static int Line(string text, int at) => 1 + text.AsSpan(0, at).Count('\n');

    private static int Column(string text, int at) => at - (at == 0 ? -1 : text.LastIndexOf('\n', at - 1));
}
