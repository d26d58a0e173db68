namespace AgentHost.Configuration;

/// <summary>The names by which agents and people call a database.</summary>
internal static class TargetNames
{
    /// <summary>Letters, digits, '-' and '_', at most 64 of them: a name stands in messages, variables and flags without quoting.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
