using AgentHost.Knowledge.Embedding;
using AgentHost.TrainEmbeddings.Reading;
using AgentHost.TrainEmbeddings.Training;

namespace AgentHost.Knowledge.Tests.Embedding;

/// <summary>The trainer on a corpus of a few hundred sentences.</summary>
public sealed class TrainerTests
{
    private static readonly Recipe Small = new() { Words = 300, Phrases = 20, Buckets = 64, Steps = 30, Batch = new Dictionary<string, int>(StringComparer.Ordinal) { ["small"] = 16 } };

    [Fact]
    public void The_same_inputs_give_the_same_file_whatever_the_number_of_threads()
    {
        var once = Trainer.Train([Corpus()], Small, 1, new Silence());
        Assert.Equal(once, Trainer.Train([Corpus()], Small, 1, new Silence()));
        Assert.Equal(once, Trainer.Train([Corpus()], Small, 3, new Silence()));
    }

    [Fact]
    public void The_file_says_what_it_was_made_from()
    {
        var header = StaticModelHeader.Of(Trainer.Train([Corpus()], Small, 2, new Silence()), "small");
        Assert.Equal(Trainer.Digest([Corpus()], Small), header.Inputs.ToArray());
        var other = Corpus();
        other.Texts.Add("one text more");
        Assert.NotEqual(Trainer.Digest([other], Small), header.Inputs.ToArray());
        Assert.NotEqual(Trainer.Digest([Corpus()], Small with { Rate = 0.02f }), header.Inputs.ToArray());
    }

    [Fact]
    public void Pages_of_a_manual_give_headings_with_their_sections_and_terms_with_their_definitions()
    {
        var blocks = HtmlBlocks.Of("<html><head><title>x</title></head><body><div class=\"navheader\"><div>Next</div></div><h1>Locks</h1><p>A <code>lock</code> &amp; its\n wait</p>"
            + "<pre>code</pre><dl><dt>term</dt><dd><p>what it is</p></dd></dl><script>no()</script></body></html>");
        Assert.Equal([new(BlockKind.Heading, 1, "Locks"), new(BlockKind.Text, 0, "A lock & its wait"), new(BlockKind.Term, 0, "term"), new Block(BlockKind.Text, 0, "what it is")], blocks);
    }

    [Fact]
    public void Exponentials_and_logarithms_are_those_of_mathematics()
    {
        for (var x = -30.0; x < 30; x += 0.37)
        {
            Assert.Equal(1, Exact.Exp(x) / Math.Exp(x), 10);
            Assert.Equal(x, Exact.Log(Exact.Exp(x)), 9);
        }
    }

    private static Material Corpus()
    {
        var random = new FixedRandom(7);
        string[][] topics = [["lock", "wait", "deadlock", "block", "queue"], ["vacuum", "bloat", "dead", "row", "freeze"], ["index", "scan", "plan", "cost", "sort"], ["role", "grant", "password", "login", "owner"]];
        var material = new Material("small", 3);
        for (var i = 0; i < 300; i++)
        {
            var topic = topics[random.Below(topics.Length)];
            string Sentence(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => random.Below(4) == 0 ? "the" : topic[random.Below(topic.Length)]));
            material.Texts.Add(Sentence(12));
            material.Pairs.Add(new Pair($"group {i}", Sentence(3), Sentence(9)));
        }
        return material;
    }

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
