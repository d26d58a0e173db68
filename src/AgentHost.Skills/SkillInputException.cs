namespace AgentHost.Skills;

/// <summary>
/// Input that a skill cannot work on. The message is shown to people and agents as it is: it says what was wrong, where, and what to do.
/// </summary>
public sealed class SkillInputException(string message, Exception? inner = null) : Exception(message, inner);
