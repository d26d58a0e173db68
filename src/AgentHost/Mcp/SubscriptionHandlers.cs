using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentHost.Composition;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentHost.Mcp;

/// <summary>
/// Answers <c>resources/subscribe</c> and <c>resources/unsubscribe</c> of the older revisions, and <c>subscriptions/listen</c>, which revision 2026-07-28 has instead.
/// Only the memory files ever change.
/// </summary>
internal sealed class SubscriptionHandlers(Architect architect, ResourceHandlers resources)
{
    private readonly MemoryWatch watch = new(architect);
    private readonly ConcurrentDictionary<string, IDisposable> subscribed = new(StringComparer.Ordinal);

    /// <summary>Begins to tell changes of one resource.</summary>
    public ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellation)
    {
        var uri = request.Params.Uri;
        if (FileOf(uri) is { } file)
        {
            var server = request.Server;
            if (subscribed.TryRemove(uri, out var before))
                before.Dispose();
            subscribed[uri] = watch.Listen(file, () => _ = TellAsync(server, new ResourceUpdatedNotificationParams { Uri = uri }));
        }
        else if (!resources.Has(uri))
        {
            throw new McpProtocolException($"There is no resource '{uri}'. resources/list names them all.", McpErrorCode.ResourceNotFound);
        }
        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Ends it.</summary>
    public ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken cancellation)
    {
        if (subscribed.TryRemove(request.Params.Uri, out var subscription))
            subscription.Dispose();
        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Acknowledges the memory files among the resources that were asked for, then tells their changes until the request is cancelled.</summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellation)
    {
        var granted = (request.Params.Notifications?.ResourceSubscriptions ?? []).Where(uri => FileOf(uri) is not null).Distinct(StringComparer.Ordinal).ToList();
        var changes = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var listening = granted.ConvertAll(uri => watch.Listen(FileOf(uri)!, () => changes.Writer.TryWrite(uri)));
        try
        {
            await SendAsync(NotificationMethods.SubscriptionsAcknowledgedNotification, new SubscriptionsAcknowledgedNotificationParams
            {
                Notifications = new SubscriptionsListenNotifications { ResourceSubscriptions = granted.Count == 0 ? null : granted },
            });
            await foreach (var uri in changes.Reader.ReadAllAsync(cancellation))
                await SendAsync(NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri });
            return new EmptyResult();
        }
        finally
        {
            listening.ForEach(subscription => subscription.Dispose());
        }

        // Clients that share one channel between subscriptions tell them apart by the request's id.
        Task SendAsync<T>(string method, T parameters)
        {
            var written = JsonSerializer.SerializeToNode(parameters, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)))!.AsObject();
            written["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId))) };
            return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = written }, cancellation);
        }
    }

    private static string? FileOf(string uri) => ResourceHandlers.MemoryFiles.FirstOrDefault(file => uri == ResourceHandlers.MemoryScheme + file);

    private static async Task TellAsync(McpServer server, ResourceUpdatedNotificationParams changed)
    {
        try
        {
            await server.SendNotificationAsync(NotificationMethods.ResourceUpdatedNotification, changed);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException or McpException)
        {
            // The client has gone: nobody is left to be told.
        }
    }
}
