using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentHost.Postgres.Twins;

/// <summary>
/// Writes <c>pg_ndistinct</c> and <c>pg_dependencies</c> as PostgreSQL stores them, which has no way in but ANALYZE (mvdistinct.c, dependencies.c). From what the
/// types print: <c>{"1, 2": 100}</c> and <c>{"1 => 2": 0.95}</c>.
/// </summary>
internal static partial class ExtendedStatisticsFormat
{
    private const uint DistinctMagic = 0xA352BFA4, DependencyMagic = 0xB4549A2C, Basic = 1;

    /// <summary>The bytes of a <c>pg_ndistinct</c>.</summary>
    /// <param name="text">As it is printed.</param>
    /// <param name="number">The twin's number of a column; expressions keep theirs.</param>
    public static byte[] Distinct(string text, Func<int, int> number) => Write(DistinctMagic, text, (item, bytes) =>
    {
        bytes.AddRange(Double(item.Value));
        bytes.AddRange(Int32(item.Columns.Length));
        foreach (var column in item.Columns.Select(number).Order())
            bytes.AddRange(Int16(column));
    });

    /// <summary>The bytes of a <c>pg_dependencies</c>.</summary>
    /// <inheritdoc cref="Distinct" path="/param"/>
    public static byte[] Dependencies(string text, Func<int, int> number) => Write(DependencyMagic, text, (item, bytes) =>
    {
        bytes.AddRange(Double(item.Value));
        bytes.AddRange(Int16(item.Columns.Length));
        foreach (var column in item.Columns)
            bytes.AddRange(Int16(number(column)));
    });

    /// <summary>Sets the frequencies of a <c>pg_mcv_list</c>'s items, which are its tail: for each a null flag a column, the two frequencies, a place a column (mcv.c).</summary>
    /// <param name="list">The list.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="before">Frequency and base frequency of each item as they are, in the list's order.</param>
    /// <param name="after">As they shall be.</param>
    /// <exception cref="InvalidDataException">The list is written otherwise: nothing is where it was expected.</exception>
    public static void SetFrequencies(Span<byte> list, int columns, IReadOnlyList<(double Frequency, double Base)> before, IReadOnlyList<(double Frequency, double Base)> after)
    {
        var size = columns * 3 + 16;
        for (var i = 0; i < after.Count; i++)
        {
            var start = list.Length - (after.Count - i) * size + columns;
            if (start < 0 || BinaryPrimitives.ReadDoubleLittleEndian(list[start..]) != before[i].Frequency || BinaryPrimitives.ReadDoubleLittleEndian(list[(start + 8)..]) != before[i].Base)
                throw new InvalidDataException("A list of common combinations is not written as PostgreSQL 17 writes it.");
            BinaryPrimitives.WriteDoubleLittleEndian(list[start..], after[i].Frequency);
            BinaryPrimitives.WriteDoubleLittleEndian(list[(start + 8)..], after[i].Base);
        }
    }

    private static byte[] Write(uint magic, string text, Action<(int[] Columns, double Value), List<byte>> write)
    {
        var items = Items().Matches(text).Select(m => (
            Columns: Numbers().Matches(m.Groups["columns"].Value).Select(n => int.Parse(n.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToArray(),
            Value: double.Parse(m.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture))).ToList();
        List<byte> bytes = [.. Int32(unchecked((int)magic)), .. Int32((int)Basic), .. Int32(items.Count)];
        foreach (var item in items)
            write(item, bytes);
        return [.. bytes];
    }

    private static byte[] Double(double value) => BitConverter.GetBytes(value);

    private static byte[] Int32(int value) => BitConverter.GetBytes(value);

    private static byte[] Int16(int value) => BitConverter.GetBytes((short)value);

    [GeneratedRegex("\"(?<columns>[^\"]+)\"\\s*:\\s*(?<value>[-+0-9.eE]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Items();

    [GeneratedRegex("-?[0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Numbers();
}
