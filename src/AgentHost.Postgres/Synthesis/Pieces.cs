namespace AgentHost.Postgres.Synthesis;

/// <summary>Deals values out to the pieces of a distribution.</summary>
internal static class Pieces
{
    /// <summary>Spreads a number of different values over pieces: each gets as many as its mass asks for and it has room for.</summary>
    /// <param name="masses">The pieces' masses.</param>
    /// <param name="rooms">How many values each has room for.</param>
    /// <param name="values">How many values there are.</param>
    /// <param name="whole">Whether each gets a whole number, all together as many as there is room for.</param>
    public static double[] Spread(IReadOnlyList<double> masses, IReadOnlyList<double> rooms, double values, bool whole)
    {
        var given = new double[masses.Count];
        var left = Math.Min(values, rooms.Sum());
        var open = Enumerable.Range(0, masses.Count).Where(i => rooms[i] > 0).ToList();
        while (left > 1e-9 && open.Count > 0)
        {
            var mass = open.Sum(i => masses[i]);
            var full = open.Where(i => given[i] + (mass > 0 ? left * masses[i] / mass : left / open.Count) >= rooms[i]).ToList();
            if (full.Count == 0)
            {
                foreach (var i in open)
                    given[i] += mass > 0 ? left * masses[i] / mass : left / open.Count;
                break;
            }

            foreach (var i in full)
            {
                left -= rooms[i] - given[i];
                given[i] = rooms[i];
                open.Remove(i);
            }
        }

        return whole ? Whole(given, rooms) : given;
    }

    private static double[] Whole(double[] given, IReadOnlyList<double> rooms)
    {
        // What is cut off is carried on, so that the sum stays.
        var carried = 0.0;
        for (var i = 0; i < given.Length; i++)
        {
            var wanted = given[i] + carried;
            given[i] = Math.Min(Math.Round(wanted, MidpointRounding.AwayFromZero), Math.Floor(rooms[i]));
            carried = wanted - given[i];
        }

        for (var i = 0; i < given.Length && carried > 0.5; i++)
        {
            var more = Math.Min(Math.Round(carried), Math.Floor(rooms[i]) - given[i]);
            given[i] += more;
            carried -= more;
        }

        return given;
    }
}
