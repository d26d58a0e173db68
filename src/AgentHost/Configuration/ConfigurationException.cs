namespace AgentHost.Configuration;

/// <summary>A setting that cannot be used. The message names the place (file, line and column, variable or flag) and what to write instead.</summary>
internal class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
