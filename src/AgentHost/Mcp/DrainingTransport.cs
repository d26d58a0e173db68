using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>
/// The transport over two streams, which sees the end of its input only when every request has had its answer: a client that writes
/// its requests and closes its end, as a shell's pipe does, still reads all answers.
/// </summary>
internal sealed class DrainingTransport : ITransport
{
    private readonly LastingInput input;
    private readonly StreamServerTransport inner;
    private readonly Channel<JsonRpcMessage> messages = Channel.CreateUnbounded<JsonRpcMessage>();
    private readonly Lock gate = new();
    private readonly HashSet<RequestId> unanswered = [];
    private readonly Task pump;

    /// <summary>Reads from <paramref name="source"/> and writes to <paramref name="output"/>.</summary>
    public DrainingTransport(Stream source, Stream output, string name)
    {
        input = new LastingInput(source, ReleaseIfDrained);
        inner = new StreamServerTransport(input, output, name);
        pump = PumpAsync();
    }

    /// <inheritdoc />
    public string? SessionId => inner.SessionId;

    /// <inheritdoc />
    public ChannelReader<JsonRpcMessage> MessageReader => messages.Reader;

    /// <inheritdoc />
    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.SendMessageAsync(message, cancellationToken);
        }
        finally
        {
            if (message is JsonRpcResponse or JsonRpcError)
            {
                lock (gate)
                    unanswered.Remove(((JsonRpcMessageWithId)message).Id);
                ReleaseIfDrained();
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        input.Release();
        await inner.DisposeAsync();
        await pump;
    }

    private async Task PumpAsync()
    {
        while (await inner.MessageReader.WaitToReadAsync())
        {
            lock (gate)
            {
                while (inner.MessageReader.TryRead(out var message))
                {
                    if (message is JsonRpcRequest request && request.Method != RequestMethods.SubscriptionsListen) // a subscription has no answer to wait for
                        unanswered.Add(request.Id);
                    else if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject cancelled })
                        unanswered.Remove(RequestOf(cancelled)); // a cancelled request gets no answer
                    messages.Writer.TryWrite(message);
                }
            }
            ReleaseIfDrained();
        }
        messages.Writer.TryComplete();
    }

    private void ReleaseIfDrained()
    {
        lock (gate)
        {
            if (input.HasEnded && unanswered.Count == 0 && !inner.MessageReader.TryPeek(out _))
                input.Release();
        }
    }

    private static RequestId RequestOf(JsonObject cancelled) => cancelled["requestId"] switch
    {
        JsonValue value when value.TryGetValue<long>(out var number) => new RequestId(number),
        JsonValue value when value.TryGetValue<string>(out var text) => new RequestId(text),
        _ => default,
    };
}
