using AgentHost.Bench;
using System.Diagnostics;
using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;
using AgentHost.TrainEmbeddings.Training;

namespace AgentHost.TrainEmbeddings;

/// <summary>Makes, checks or measures the built-in embedder's model; started by the script <c>run</c>.</summary>
internal static class Program
{


    private static int Main(string[] args)
    {
        var clock = Stopwatch.StartNew();
        var progress = new Lines(clock);
        try
        {
            var options = Options.Of(args);
            var evaluates = options.Mode == "--evaluate";
            var pages = OwnPages.Read(options.Skills);
            var materials = Materials.Read(pages, options.Packages, (page, line) => !evaluates || !Evaluation.HeldOut(page.Asked[line]));
            materials.RemoveAll(m => options.Without.Contains(m.Name, StringComparer.Ordinal));
            foreach (var material in materials) progress.Report($"{material.Name}: {material.Texts.Count} texts, {material.Pairs.Count} pairs, {material.Cloze.Count} of cloze");
            return options.Mode switch
            {
                "--check" => Check(options, materials),
                "--evaluate" => Evaluate(options, materials, pages, progress),
                _ => Make(options, materials, progress),
            };
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or AgentHost.Knowledge.KnowledgeException)
        {
            Console.Error.WriteLine($"train-embeddings: {e.Message}");
            return 2;
        }
    }

    private static int Make(Options options, List<Material> materials, Lines progress)
    {
        var file = Trainer.Train(materials, options.Recipe, options.Threads, progress);
        File.WriteAllBytes(options.Model, file);
        progress.Report($"{options.Model}: {file.Length} bytes, {Convert.ToHexStringLower(StaticModelHeader.Of(file, options.Model).Content.Span[..6])}");
        return 0;
    }

    private static int Check(Options options, List<Material> materials)
    {
        var same = StaticModelHeader.Read(options.Model).Inputs.Span.SequenceEqual(Trainer.Digest(materials, options.Recipe));
        Console.WriteLine(same ? $"{options.Model} was made from the inputs as they are." : $"{options.Model} was made from other inputs or in another way: run eng/train-embeddings/run to make it anew.");
        return same ? 0 : 1;
    }

    private static int Evaluate(Options options, List<Material> materials, OwnPage[] pages, Lines progress)
    {
        var manual = materials.Single(m => m.Name == "postgresql");
        var held = manual.Pairs.Where(Evaluation.HeldOut).ToList();
        manual.Pairs.RemoveAll(Evaluation.HeldOut);
        manual.Cloze.RemoveAll(Evaluation.HeldOut);
        var model = StaticModel.Of(Trainer.Train(materials, options.Recipe, options.Threads, progress), "the model under test");
        Evaluation.Print("hashing", HashingEmbeddingGenerator.Embed, pages, held);
        Evaluation.Print("static", text => model.Embed(text), pages, held);
        return 0;
    }

    private sealed class Lines(Stopwatch clock) : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"{clock.Elapsed.TotalSeconds,6:F1} s  {value}");
    }
}
