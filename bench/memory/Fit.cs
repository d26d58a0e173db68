using System.Globalization;
using AgentHost.Knowledge.Memory;

namespace AgentHost.Bench.Memory;

/// <summary>Fits the weights by the cases that are not kept aside: logistic regression with gradient descent, weights held small so that thirty cases do not say more than they can.</summary>
internal static class Fit
{
    private const double Damping = 0.5, Step = 1;
    private const int Rounds = 2000;

    public static void Print(IEnumerable<(LabelledCase Case, MemoryCase Asked)> answers, MemoryJournal memory)
    {
        var rows = (from answer in answers
                    where !answer.Case.Held
                    from compared in memory.Compare(answer.Asked)
                    where !answer.Case.Maybe.Contains(compared.Entry.Id)
                    select (X: compared.Features.Values.Append(1).ToArray(), Y: answer.Case.Bears.Contains(compared.Entry.Id) ? 1.0 : 0.0)).ToList();
        var weights = new double[CaseFeatures.Names.Length + 1];
        var positives = rows.Sum(row => row.Y);
        for (var round = 0; round < Rounds; round++)
        {
            var slope = new double[weights.Length];
            foreach (var (x, y) in rows)
            {
                var error = 1 / (1 + Math.Exp(-x.Zip(weights, (a, b) => a * b).Sum())) - y;
                for (var i = 0; i < x.Length; i++) slope[i] += error * x[i];
            }
            for (var i = 0; i < weights.Length; i++) weights[i] -= Step * (slope[i] + (i < weights.Length - 1 ? Damping * weights[i] : 0)) / (2 * positives);
        }
        Console.WriteLine(string.Join(", ", weights.Select(weight => weight.ToString("0.00", CultureInfo.InvariantCulture))));
        foreach (var (name, weight) in CaseFeatures.Names.Append("bias").Zip(weights)) Console.WriteLine($"  {name,-20} {weight,6:0.00}");
    }
}
