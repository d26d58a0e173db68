Console.Error.WriteLine("agenthost: see --help");
return 2;
