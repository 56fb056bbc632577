using System.Net.Sockets;
using System.Security.Cryptography;

namespace Platform.SharedState.Frames;

/// <summary>
/// Both sides prove that they know the internal key without saying it: each signs what the other has just thought up.
/// Neither a stranger on the worker's port nor one that took over a dead worker's gets anything.
/// </summary>
internal static class FrameHandshake
{
    private const int NonceBytes = 16;
    private const int ProofBytes = HMACSHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "PLF1"u8;

    private static int HelloBytes => Magic.Length + NonceBytes;

    /// <exception cref="FrameException">The other side is no worker of ours.</exception>
    public static async ValueTask CallAsync(Socket socket, FrameInput input, byte[] key, CancellationToken cancellation)
    {
        var hello = new byte[HelloBytes];
        Magic.CopyTo(hello);
        RandomNumberGenerator.Fill(hello.AsSpan(Magic.Length));
        await SendAsync(socket, hello, cancellation);
        var reply = new byte[NonceBytes + ProofBytes];
        if (!await input.TryReadAsync(reply, cancellation)) throw new FrameException("The worker hung up before it said who it is.");
        var nonces = Nonces(hello, reply);
        if (!CryptographicOperations.FixedTimeEquals(Prove(key, "worker"u8, nonces), reply.AsSpan(NonceBytes)))
            throw new FrameException("Whoever listens there does not know the internal key.");
        await SendAsync(socket, Prove(key, "caller"u8, nonces), cancellation);
    }

    /// <summary>False when the caller did not prove that he knows the key.</summary>
    public static async ValueTask<bool> AcceptAsync(Socket socket, FrameInput input, byte[] key)
    {
        var hello = new byte[HelloBytes];
        if (!await input.TryReadAsync(hello, CancellationToken.None) || !hello.AsSpan().StartsWith(Magic)) return false;
        var reply = new byte[NonceBytes + ProofBytes];
        RandomNumberGenerator.Fill(reply.AsSpan(0, NonceBytes));
        var nonces = Nonces(hello, reply);
        Prove(key, "worker"u8, nonces).CopyTo(reply, NonceBytes);
        await SendAsync(socket, reply, CancellationToken.None);
        var proof = new byte[ProofBytes];
        return await input.TryReadAsync(proof, CancellationToken.None)
            && CryptographicOperations.FixedTimeEquals(Prove(key, "caller"u8, nonces), proof);
    }

    private static byte[] Nonces(byte[] hello, byte[] reply) => [.. hello.AsSpan(Magic.Length), .. reply.AsSpan(0, NonceBytes)];

    private static byte[] Prove(byte[] key, ReadOnlySpan<byte> role, byte[] nonces)
    {
        byte[] said = [.. role, .. nonces];
        return HMACSHA256.HashData(key, said);
    }

    private static async ValueTask SendAsync(Socket socket, byte[] bytes, CancellationToken cancellation)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), cancellation);
    }
}
