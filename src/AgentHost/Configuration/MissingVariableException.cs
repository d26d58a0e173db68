namespace AgentHost.Configuration;

/// <summary>A target takes its connection from an environment variable that is not set.</summary>
internal sealed class MissingVariableException(string target, string variable, string source)
    : ConfigurationException($"Target '{target}' takes its connection from the environment variable {variable}, which is not set where AgentHost runs ({source}).")
{
    /// <summary>The variable.</summary>
    public string Variable { get; } = variable;
}
