using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Platform.SharedState.Frames;

namespace Platform.SharedState.Tests.Frames;

/// <summary>A raw socket that has proved that it knows the key, by the format's description rather than by our code.</summary>
internal static class KnownCaller
{
    public static async Task<Socket> ConnectAsync(FrameHost host)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var socket = await host.ConnectAsync();
        var nonce = RandomNumberGenerator.GetBytes(16);
        await socket.SendAsync((byte[])[.. "PLF1"u8, .. nonce], cancellation);
        var reply = new byte[48];
        for (var at = 0; at < reply.Length;) at += await socket.ReceiveAsync(reply.AsMemory(at), cancellation);
        byte[] said = [.. "caller"u8, .. nonce, .. reply.AsSpan(0, 16)];
        await socket.SendAsync(HMACSHA256.HashData(Encoding.UTF8.GetBytes(FrameHost.Key), said), cancellation);
        return socket;
    }

    /// <summary>A request without a body.</summary>
    public static byte[] Frame(FrameRequest request)
    {
        using var head = new MemoryStream();
        foreach (var text in new[] { request.Model, request.Version, request.RequestId }) Write(head, text);
        head.Write([255, 255, 255, 255, 255, 255, 255, 255]);
        for (var i = 0; i < 4; i++) head.Write([255, 255]);
        head.WriteByte(0);
        var frame = new byte[6 + head.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)head.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(4), (ushort)head.Length);
        head.ToArray().CopyTo(frame, 6);
        return frame;
    }

    private static void Write(MemoryStream head, string text)
    {
        head.Write([(byte)text.Length, 0]);
        head.Write(Encoding.UTF8.GetBytes(text));
    }
}
