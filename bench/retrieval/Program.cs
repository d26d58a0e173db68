using AgentHost.Bench.Retrieval;

return await Measurement.RunAsync(args);
