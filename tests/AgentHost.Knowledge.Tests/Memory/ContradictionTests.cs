using AgentHost.Knowledge.Memory;

namespace AgentHost.Knowledge.Tests.Memory;

public sealed class ContradictionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal;

    public ContradictionTests() => journal = new MemoryJournal(folder.Memory);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Primary keys are bigint identity", "*", "Use UUIDv7 for primary keys", "*")]
    [InlineData("Primary keys are bigint identity", "", "All keys are UUIDv7", "*")]
    [InlineData("Tables have plural names", "billing.*", "Table names are singular", "billing.*")]
    [InlineData("Soft delete everywhere", "*", "No soft delete", "*")]
    [InlineData("One schema per tenant", "", "Tenants share tables, with row-level security", "")]
    [InlineData("Money is numeric", "*", "Money is kept in integer cents", "public.orders, *")]
    [InlineData("Instants are timestamptz", "public.orders", "Orders keep timestamp without time zone", "orders")]
    public async Task Another_choice_for_the_same_subject_and_scope_is_answered_with_the_earlier_one(string earlier, string scope, string later, string laterScope)
    {
        var first = await Decide(earlier, scope);
        var before = File.ReadAllText(Path.Combine(folder.Memory, "decisions.md"));
        var conflict = await Assert.ThrowsAsync<MemoryConflictException>(() => Decide(later, laterScope));
        Assert.Equal(first.Id, Assert.Single(conflict.Earlier).Id);
        Assert.Contains(first.Id, conflict.Message);
        Assert.Contains(earlier, conflict.Message);
        Assert.Contains($"supersedes: [{first.Id}]", conflict.Message);
        Assert.Contains("narrow its scope", conflict.Message);
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder.Memory, "decisions.md")));
        var replaced = await journal.AppendAsync(new NewEntry(MemoryKind.Decision, later, "why") { Scopes = [laterScope], Supersedes = [first.Id] });
        Assert.False(journal.IsInForce(first));
        Assert.True(journal.IsInForce(replaced));
    }

    [Theory]
    [InlineData("Primary keys are bigint identity", "*", "Events have UUIDv7 keys", "public.events")]
    [InlineData("Primary keys are bigint identity", "billing.*", "Use UUIDv7 for primary keys", "chat.*")]
    [InlineData("Primary keys are bigint identity", "*", "Identity keys are bigint, always", "*")]
    [InlineData("Primary keys are bigint identity", "*", "Do not use UUIDv7 for keys", "*")]
    [InlineData("Tables have plural names", "*", "Columns are snake_case", "*")]
    [InlineData("Soft delete everywhere", "*", "Retention: soft deleted rows are purged after 90 days", "*")]
    public async Task An_exception_another_place_and_another_subject_are_no_contradiction(string earlier, string scope, string later, string laterScope)
    {
        await Decide(earlier, scope);
        await Decide(later, laterScope);
        Assert.Equal(2, journal.Entries.Length);
    }

    [Fact]
    public async Task Any_subject_can_be_chosen_about_and_decisions_that_do_not_count_are_no_obstacle()
    {
        await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Queue in the database", "x") { Chooses = ["queue = pgmq"] });
        var kafka = new NewEntry(MemoryKind.Decision, "Queue in Kafka", "x") { Chooses = ["Queue = Kafka"] };
        await Assert.ThrowsAsync<MemoryConflictException>(() => journal.AppendAsync(kafka));
        await journal.AppendAsync(kafka with { Status = "proposed" });
        await journal.ReviseAsync(new(journal.Entries[0].Id, RevisionAction.Close, "Too slow."));
        await journal.AppendAsync(kafka);
        Assert.Contains("is no choice", (await Assert.ThrowsAsync<MemoryException>(() => journal.AppendAsync(kafka with { Chooses = ["kafka"] }))).Message);
    }

    [Fact]
    public async Task An_index_that_was_rejected_cannot_be_decided_for_in_silence()
    {
        var rejected = await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "No index on orders.note", "x") { Rejects = ["public.orders (note, id); cost 812 -> 9.1; rows 1200000"] });
        var conflict = await Assert.ThrowsAsync<MemoryConflictException>(() => journal.AppendAsync(
            new NewEntry(MemoryKind.Decision, "Index orders by note", "x") { Scopes = ["public.orders"], Chooses = ["index orders (note,id) = create"] }));
        Assert.Equal(rejected.Id, conflict.Earlier[0].Id);
        await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Index orders by day", "x") { Chooses = ["index public.orders (placed_at) = create"] });
    }

    [Fact]
    public async Task The_narrowest_and_latest_choice_is_what_design_follows()
    {
        await Decide("Primary keys are bigint identity", "");
        var chat = await Decide("Chat keys are UUIDv7", "chat.*");
        await journal.AppendAsync(new NewEntry(MemoryKind.Decision, "Rooms by their slug", "x") { Scopes = ["chat.rooms"], Chooses = ["keys = natural keys"] });
        var choices = journal.Choices();
        Assert.Equal("bigint-identity", choices.For("key-strategy", "public.orders")!.Choice.Value);
        Assert.Equal(("uuidv7", chat.Id), (choices.For("key-strategy", "chat.messages")!.Choice.Value, choices.For("key-strategy", "chat.messages")!.Decision.Id));
        Assert.Equal("natural", choices.For("key-strategy", "chat.rooms")!.Choice.Value);
        Assert.Equal("bigint-identity", choices.For("key-strategy", null)!.Choice.Value);
        Assert.Null(choices.For("tenancy", null));
    }

    private Task<MemoryEntry> Decide(string title, string scope) => journal.AppendAsync(new NewEntry(MemoryKind.Decision, title, "why") { Scopes = [scope] });
}
