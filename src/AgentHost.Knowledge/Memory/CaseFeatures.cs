namespace AgentHost.Knowledge.Memory;

/// <summary>What speaks for an entry bearing on a case, each between 0 and 1.</summary>
/// <param name="Exact">Its scope names one of the case's relations.</param>
/// <param name="Anywhere">It has no scope, or holds everywhere.</param>
/// <param name="Title">The rarest matter of the case that its title or tags are about.</param>
/// <param name="Body">The rarest matter of the case that its text is about besides.</param>
/// <param name="Matters">How many matters of the case its title is about, of three.</param>
/// <param name="Name">The rarest name, columns mostly, that both hold.</param>
/// <param name="Meaning">How near its title's meaning is to the case's text.</param>
/// <param name="Found">How near its title's meaning is to something that was found in the case.</param>
internal readonly record struct CaseFeatures(double Exact, double Anywhere, double Title, double Body, double Matters, double Name, double Meaning, double Found)
{
    /// <summary>Whether it has what was found in the case among its tags or waivers: it was kept for cases such as this.</summary>
    public bool IsTagged { get; init; }

    /// <summary>The names in the order of <see cref="Values"/>.</summary>
    public static readonly string[] Names = ["exact", "anywhere", "title", "body", "matters", "title and exact", "title and anywhere", "name", "meaning", "found", "name and matter"];

    /// <summary>The features and the products that the weights are for.</summary>
    public double[] Values => [Exact, Anywhere, Title, Body, Matters, Title * Exact, Title * Anywhere, Name, Meaning, Found, Name * Math.Max(Title, Body)];
}
