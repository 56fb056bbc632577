using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Platform.ServiceDefaults.Access;

/// <summary>
/// Has both ends of a connection prove that they know the internal key before anything else passes: each answers the
/// other's random challenge with an HMAC-SHA256, so the key itself never travels and an answer is good for one
/// connection. It admits; it does not encrypt, which TLS or a mesh does.
/// </summary>
public sealed class InternalHandshake(string internalKey)
{
    private const int NonceBytes = 32;
    private const int ProofBytes = 32;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly byte[] key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(internalKey), outputLength: 32, info: "internal-handshake"u8.ToArray());

    /// <summary>For the end that was connected to. A stranger's connection is closed without a word.</summary>
    public ConnectionDelegate Accept(ConnectionDelegate next) => async connection =>
    {
        if (await TryAsync(connection, AcceptAsync)) await next(connection);
        else connection.Abort(new ConnectionAbortedException("The caller does not know the internal key."));
    };

    /// <summary>For the end that connects.</summary>
    /// <exception cref="ConnectionAbortedException">Who answered does not know the internal key.</exception>
    public ConnectionDelegate Present(ConnectionDelegate next) => async connection =>
    {
        if (!await TryAsync(connection, PresentAsync)) throw new ConnectionAbortedException("Who answered does not know the internal key.");
        await next(connection);
    };

    private static async Task<bool> TryAsync(ConnectionContext connection, Func<IDuplexPipe, CancellationToken, Task<bool>> shake)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        limit.CancelAfter(Limit);
        try
        {
            return await shake(connection.Transport, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionResetException)
        {
            // The other end went away or kept silent: it proved nothing.
            return false;
        }
    }

    private async Task<bool> AcceptAsync(IDuplexPipe transport, CancellationToken cancellation)
    {
        var mine = RandomNumberGenerator.GetBytes(NonceBytes);
        await transport.Output.WriteAsync(mine, cancellation);
        if (await ReadAsync(transport.Input, NonceBytes + ProofBytes, cancellation) is not { } answer) return false;
        var theirs = answer.AsSpan(0, NonceBytes).ToArray();
        if (!CryptographicOperations.FixedTimeEquals(answer.AsSpan(NonceBytes), Prove("caller"u8, mine, theirs))) return false;
        await transport.Output.WriteAsync(Prove("called"u8, mine, theirs), cancellation);
        return true;
    }

    private async Task<bool> PresentAsync(IDuplexPipe transport, CancellationToken cancellation)
    {
        if (await ReadAsync(transport.Input, NonceBytes, cancellation) is not { } theirs) return false;
        var mine = RandomNumberGenerator.GetBytes(NonceBytes);
        await transport.Output.WriteAsync((byte[])[.. mine, .. Prove("caller"u8, theirs, mine)], cancellation);
        return await ReadAsync(transport.Input, ProofBytes, cancellation) is { } proof
            && CryptographicOperations.FixedTimeEquals(proof, Prove("called"u8, theirs, mine));
    }

    /// <summary>The role is in it, so that a proof cannot be sent back to whoever made it.</summary>
    private byte[] Prove(ReadOnlySpan<byte> role, byte[] calledNonce, byte[] callerNonce) =>
        HMACSHA256.HashData(key, (byte[])[.. role, .. calledNonce, .. callerNonce]);

    /// <summary>Exactly that many bytes; null when the connection ends before. What follows stays for who comes next.</summary>
    private static async Task<byte[]?> ReadAsync(PipeReader input, int count, CancellationToken cancellation)
    {
        var read = await input.ReadAtLeastAsync(count, cancellation);
        if (read.Buffer.Length < count)
        {
            input.AdvanceTo(read.Buffer.Start);
            return null;
        }

        var bytes = read.Buffer.Slice(0, count).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }
}
