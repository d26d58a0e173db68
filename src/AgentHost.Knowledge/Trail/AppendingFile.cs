using System.Runtime.InteropServices;

namespace AgentHost.Knowledge.Trail;

/// <summary>Writes a whole record at a file's end with one call of the kernel (O_APPEND), so that records of several processes never run into each other.</summary>
internal static partial class AppendingFile
{
    private const int Flags = 0x1 | 0x40 | 0x400 | 0x80000; // O_WRONLY, O_CREAT, O_APPEND, O_CLOEXEC
    private const int OwnerOnly = 0x180; // 0600
    private const int ErrorInterrupted = 4;

    /// <exception cref="IOException">The file cannot be opened, or the record was not written wholly.</exception>
    public static unsafe void Append(string path, byte[] record)
    {
        var file = Open(path, Flags, OwnerOnly);
        if (file < 0) throw new IOException($"{path}: {LastError()}");
        try
        {
            nint written;
            fixed (byte* bytes = record)
                do written = Write(file, bytes, record.Length);
                while (written < 0 && Marshal.GetLastPInvokeError() == ErrorInterrupted);
            if (written != record.Length) throw new IOException($"{path}: {(written < 0 ? LastError() : "the disk is full")}");
        }
        finally
        {
            _ = Close(file);
        }
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    // open(2) is variadic; on x86-64 and arm64 Linux a third integer is passed as by a call of three.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);
}
