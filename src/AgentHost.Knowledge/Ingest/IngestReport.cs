using System.Collections.Immutable;

namespace AgentHost.Knowledge.Ingest;

/// <summary>What an ingestion did.</summary>
/// <param name="Name">The source.</param>
/// <param name="Pages">How many pages it now has.</param>
/// <param name="Chunks">How many pieces they make.</param>
/// <param name="Added">Pages that were new.</param>
/// <param name="Changed">Pages that were replaced.</param>
/// <param name="Removed">Pages whose files are gone.</param>
/// <param name="Problems">Files that could not be read, each with the reason; what the store had of them stays.</param>
public sealed record IngestReport(string Name, int Pages, int Chunks, int Added, int Changed, int Removed, ImmutableArray<string> Problems);

/// <summary>How far an ingestion is.</summary>
/// <param name="Phase"><c>reading</c>, <c>embedding</c> or <c>indexing</c>.</param>
/// <param name="Done">How many of them are done.</param>
/// <param name="Total">Of how many; 0 where that is not known.</param>
public readonly record struct IngestProgress(string Phase, int Done, int Total);

/// <summary>A source in the store.</summary>
/// <param name="Name">Its name; <c>agenthost</c> for the built-in pages.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Chunks">How many pieces they make.</param>
/// <param name="Status"><c>complete</c>; <c>loading</c> where an interrupted ingestion has to be run again before it is searched; <c>updating</c> where it has to be run again and what is there is searched.</param>
public sealed record KnowledgeSource(string Name, int Pages, int Chunks, string Status);
