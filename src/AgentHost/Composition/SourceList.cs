using System.Collections.Immutable;
using AgentHost.Knowledge.Ingest;

namespace AgentHost.Composition;

/// <summary>What the store holds.</summary>
/// <param name="Sources">The built-in pages and what was ingested.</param>
public sealed record SourceList(ImmutableArray<KnowledgeSource> Sources);
