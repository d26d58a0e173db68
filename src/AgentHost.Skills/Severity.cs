namespace AgentHost.Skills;

/// <summary>How bad the consequence is, mildest first.</summary>
public enum Severity { Info, Warning, Error }
