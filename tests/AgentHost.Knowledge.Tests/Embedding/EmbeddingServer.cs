using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentHost.Knowledge.Tests.Embedding;

/// <summary>A real HTTP server that answers like OpenAI's /v1/embeddings.</summary>
internal sealed class EmbeddingServer : IDisposable
{
    private readonly HttpListener listener = new();

    public EmbeddingServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/v1");
        }
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = AnswerAsync();
    }

    public Uri Address { get; }

    public List<(string? Authorization, JsonNode Body)> Requests { get; } = [];

    public int Status { get; set; } = 200;

    public string? Answer { get; set; }

    public void Dispose() => listener.Close();

    private async Task AnswerAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext call;
            try { call = await listener.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            var body = (await JsonNode.ParseAsync(call.Request.InputStream))!;
            Requests.Add((call.Request.Headers["Authorization"], body));
            call.Response.StatusCode = Status;
            call.Response.ContentType = "application/json";
            await call.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Answer ?? Embeddings(body)));
            call.Response.Close();
        }
    }

    // A text's vector is (its length, 1), in the encoding asked for, and the list is given backwards: the index counts, not the order.
    private static string Embeddings(JsonNode request) => JsonSerializer.Serialize(new
    {
        @object = "list",
        data = request["input"]!.AsArray().Select((text, index) => new { @object = "embedding", index, embedding = Vector(text!.GetValue<string>(), request) }).Reverse().ToArray(),
        model = request["model"]!.GetValue<string>(),
        usage = new { prompt_tokens = 1, total_tokens = 1 },
    });

    private static object Vector(string text, JsonNode request)
    {
        float[] vector = [text.Length, 1];
        return request["encoding_format"]?.GetValue<string>() == "base64" ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan())) : vector;
    }
}
