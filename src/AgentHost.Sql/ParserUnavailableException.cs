namespace AgentHost.Sql;

/// <summary>The parser library cannot be loaded. The message says where it was looked for and how to install it.</summary>
public sealed class ParserUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
