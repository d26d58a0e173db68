namespace AgentHost.Mcp;

/// <summary>A stream for reading whose end is told only when it is released. A last line that nobody ended is ended.</summary>
internal sealed class LastingInput(Stream source, Action ended) : Stream
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool hasEnded;
    private bool endsLine;

    /// <summary>Whether everything that came before the end was read.</summary>
    public bool HasEnded => hasEnded;

    /// <summary>Lets the reader see the end.</summary>
    public void Release() => released.TrySetResult();

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!released.Task.IsCompleted && !endsLine)
        {
            // A read of stdin does not heed its token: whoever gives up leaves it behind, and the process ends without it.
            var read = await source.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
            if (read > 0 || buffer.IsEmpty)
                return read;
            endsLine = true;
            buffer.Span[0] = (byte)'\n';
            return 1;
        }
        hasEnded = true;
        ended();
        await released.Task.WaitAsync(cancellationToken);
        return 0;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
