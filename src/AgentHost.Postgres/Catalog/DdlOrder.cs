using System.Runtime.InteropServices;

namespace AgentHost.Postgres.Catalog;

/// <summary>Puts the statements of a schema into an order in which each finds what it needs.</summary>
internal sealed class DdlOrder
{
    private readonly List<DdlItem> items;
    private readonly Dictionary<CatalogId, int> places = [];
    private readonly Dictionary<CatalogId, CatalogId> owners;
    private readonly List<HashSet<int>> followers;
    private readonly int[] missing;

    /// <param name="items">The statements.</param>
    /// <param name="owners">Objects that come with another: a table's row type, a key's index.</param>
    /// <param name="dependencies">What needs what.</param>
    public DdlOrder(List<DdlItem> items, Dictionary<CatalogId, CatalogId> owners, IEnumerable<Dependency> dependencies)
    {
        this.items = items;
        this.owners = owners;
        missing = new int[items.Count];
        followers = [.. items.Select(_ => new HashSet<int>())];
        for (var i = 0; i < items.Count; i++)
            if (items[i].Id.Catalog != 0)
                places.TryAdd(items[i].Id, i);
        foreach (var dependency in dependencies)
            Add(dependency);
        AddAttachments();
        for (var i = 0; i < items.Count; i++)
            foreach (var relation in items[i].Needs)
                Require(i, Place(new CatalogId(CatalogId.Relation, relation)));
    }

    /// <summary>The statements in order. Where objects need one another in a circle, the earliest of them by stage and name comes first.</summary>
    public IEnumerable<DdlItem> Sorted()
    {
        var ready = new PriorityQueue<int, (DdlStage, string, int)>(Comparer<(DdlStage Stage, string Name, int Place)>.Create(Compare));
        var waiting = new SortedSet<(DdlStage Stage, string Name, int Place)>(Comparer<(DdlStage Stage, string Name, int Place)>.Create(Compare));
        for (var i = 0; i < items.Count; i++)
        {
            if (missing[i] == 0)
                ready.Enqueue(i, Key(i));
            else
                waiting.Add(Key(i));
        }

        while (ready.Count + waiting.Count > 0)
        {
            if (ready.Count == 0)
            {
                var first = waiting.Min;
                waiting.Remove(first);
                missing[first.Place] = 0;
                ready.Enqueue(first.Place, first);
            }

            var next = ready.Dequeue();
            yield return items[next];
            foreach (var follower in followers[next])
            {
                if (missing[follower] > 0 && --missing[follower] == 0 && waiting.Remove(Key(follower)))
                    ready.Enqueue(follower, Key(follower));
            }
        }
    }

    private (DdlStage Stage, string Name, int Place) Key(int place) => (items[place].Stage, items[place].Name, place);

    private static int Compare((DdlStage Stage, string Name, int Place) one, (DdlStage Stage, string Name, int Place) other)
    {
        var order = one.Stage.CompareTo(other.Stage);
        order = order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        return order != 0 ? order : one.Place.CompareTo(other.Place);
    }

    private void Add(Dependency dependency)
    {
        if (Place(dependency.From) is not { } from || Place(dependency.To) is not { } to)
            return;
        // A sequence that belongs to a column is made before the table whose default reads it, and is given to it afterwards.
        if (items[from].Stage == DdlStage.Sequence && items[to].Stage == DdlStage.Table && dependency.Kind is 'a' or 'i')
            return;
        Require(from, to);
    }

    /// <summary>What is made for a partitioned table only when its partitions hang on it: its indexes, and keys that reference those.</summary>
    private void AddAttachments()
    {
        var attached = new Dictionary<int, List<int>>();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is { Stage: DdlStage.Attach or DdlStage.AttachIndex, Needs: [var parent, ..] } && Place(new CatalogId(CatalogId.Relation, parent)) is { } place)
                (CollectionsMarshal.GetValueRefOrAddDefault(attached, place, out _) ??= []).Add(i);
        }

        foreach (var (parent, attachments) in attached)
        {
            foreach (var follower in followers[parent].ToList())
            {
                if (items[follower].Stage is DdlStage.Key or DdlStage.Index or DdlStage.ForeignKey or DdlStage.Trigger or DdlStage.Statistics)
                    attachments.ForEach(attachment => Require(follower, attachment));
            }
        }

        foreach (var (key, attachments) in attached.Where(parent => items[parent.Key].Stage is DdlStage.Key or DdlStage.Index))
        {
            // The attached index may itself be a parent's whose partitions are still to come.
            foreach (var attachment in attachments)
            {
                if (items[attachment].Needs is [_, var child] && Place(new CatalogId(CatalogId.Relation, child)) is { } inner && attached.TryGetValue(inner, out var deeper))
                    deeper.ForEach(step => Require(attachment, step));
            }
        }
    }

    private void Require(int from, int? to)
    {
        if (to is { } needed && needed != from && followers[needed].Add(from))
            missing[from]++;
    }

    private int? Place(CatalogId id)
    {
        for (var hops = 0; hops < 8; hops++)
        {
            if (places.TryGetValue(id, out var place))
                return place;
            if (!owners.TryGetValue(id, out id))
                return null;
        }

        return null;
    }
}
