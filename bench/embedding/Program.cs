using AgentHost.Bench.Embedding;
using BenchmarkDotNet.Running;

BenchmarkRunner.Run<EmbeddingBenchmarks>(args: args);
