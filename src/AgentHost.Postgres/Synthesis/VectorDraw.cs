using System.Globalization;

namespace AgentHost.Postgres.Synthesis;

/// <summary>Draws embeddings: unit vectors around a few centres, since real ones are clustered and an index over uniform noise finds nothing fast.</summary>
internal static class VectorDraw
{
    private const int Centres = 24, Offsets = 40;

    /// <summary>A column's values.</summary>
    public static Drawn Draw(ColumnToDraw column)
    {
        var dimensions = column.Modifier > 0 ? column.Modifier : 3;
        string Vectors(string kind, int count, double size) => column.Query.Values(Enumerable.Range(0, count).Select(i => Vector($"{kind} {i}", dimensions, size)), column.Type.Sql);
        string Pick(string name) => $"1 + (({Place.Hash(column.Name + name)} >> 3) & 1073741823)::int";
        var schema = column.Type.Sql.Contains('.', StringComparison.Ordinal) ? column.Type.Sql[..(column.Type.Sql.LastIndexOf('.') + 1)] : "";
        var plus = $"operator({(schema.Length > 0 ? schema : "public.")}+)";
        // Two offsets are of their own for some 10^3 rows of a centre; a third, small one tells the others apart.
        var sum = $"({Vectors("centre", Centres, 1)})[{Pick(" centre")} % {Centres}] {plus} ({Vectors("near", Offsets, 0.45)})[{Pick(" near")} % {Offsets}]"
            + $" {plus} ({Vectors("far", Offsets, 0.3)})[{Pick(" far")} % {Offsets}] {plus} ({Vectors("fine", Offsets, 0.15)})[{Pick(" fine")} % {Offsets}]";
        return new Drawn($"{schema}l2_normalize({sum})", null);
    }

    private static string Vector(string name, int dimensions, double size)
    {
        var numbers = new double[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            var seed = (ulong)Place.Seed($"{name} {i}");
            // The sum of a few uniform numbers is close enough to normal.
            numbers[i] = ((seed & 0xffff) + ((seed >> 16) & 0xffff) + ((seed >> 32) & 0xffff)) / 65536.0 - 1.5;
        }

        var length = Math.Sqrt(numbers.Sum(number => number * number));
        return "[" + string.Join(',', numbers.Select(number => (number / Math.Max(1e-9, length) * size).ToString("0.#####", CultureInfo.InvariantCulture))) + "]";
    }
}
