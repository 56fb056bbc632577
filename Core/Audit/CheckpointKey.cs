using System.Security.Cryptography;

namespace Platform.Core.Audit;

/// <summary>An ECDSA P-256 key of the log's owner: a pair that signs checkpoints, or the public half that checks them.</summary>
public sealed class CheckpointKey : IDisposable
{
    private const int HintBytes = 4;
    private readonly Lock turn = new();
    private readonly ECDsa key;
    private readonly byte[] hint;

    private CheckpointKey(ECDsa key)
    {
        this.key = key;
        var id = SHA256.HashData(key.ExportSubjectPublicKeyInfo());
        Id = Convert.ToHexStringLower(id);
        hint = id[..HintBytes];
        PublicPem = key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 64 lower-case hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>What anyone needs to check.</summary>
    public string PublicPem { get; }

    /// <exception cref="ArgumentException">The text is no P-256 key.</exception>
    public static CheckpointKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256) return new CheckpointKey(key);
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException("The PEM holds no P-256 key.", nameof(pem), e);
        }

        throw new ArgumentException("The key is of another curve than P-256.", nameof(pem));
    }

    /// <summary>The checkpoint's text with a signature line under the name of its log.</summary>
    public string Sign(Checkpoint checkpoint) => Sign(checkpoint.ToText(), checkpoint.Origin);

    /// <summary>The text with a signature line as C2SP's signed-note has it: the key's first four bytes, then ECDSA in DER.</summary>
    /// <param name="text">Ends with a line end.</param>
    public string Sign(string text, string name)
    {
        byte[] signature;
        // One at a time: the library does not promise more of one key.
        lock (turn) signature = key.SignData(System.Text.Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return SignedNote.Of(text, name, [.. hint, .. signature]);
    }

    internal bool IsNamedBy(ReadOnlySpan<byte> line) => line.StartsWith(hint);

    internal bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
    {
        lock (turn) return key.VerifyData(text, line[HintBytes..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => key.Dispose();
}
