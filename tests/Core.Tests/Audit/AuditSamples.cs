using System.Security.Cryptography;
using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

internal static class AuditSamples
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CheckpointKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return CheckpointKey.FromPem(key.ExportPkcs8PrivateKeyPem());
    }

    public static AuditEntry Entry(int number) => new(
        new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]), Start.AddSeconds(number), AuditPhase.Answered, "ann", "models.deploy", "k-1",
        $"models/m-{number % 7}", "203.0.113.9", 200, "done", new string('a', 64), null, "\"7\"", $"r-{number}", new string('0', 32));

    /// <summary>A log of that many entries with a checkpoint after each of these sizes.</summary>
    public static (List<byte[]> Entries, List<string> Notes) Log(CheckpointKey key, int size, params int[] checkpoints)
    {
        var (entries, notes, tree) = (new List<byte[]>(), new List<string>(), new MerkleFrontier());
        for (var i = 0; i < size; i++)
        {
            entries.Add(AuditEncoding.Encode(Entry(i)));
            tree.Append(MerkleHash.Leaf(entries[i]));
            if (!checkpoints.Contains(i + 1)) continue;
            var previous = notes.Count == 0 ? "" : SignedCheckpoint.Digest(notes[^1]);
            notes.Add(key.Sign(new Checkpoint("platform.test", i + 1, tree.Root, Start.AddSeconds(i), previous)));
        }

        return (entries, notes);
    }

    public static LogVerdict Verify(IEnumerable<byte[]> entries, IEnumerable<string> notes, Func<string, Checkpoint?> open)
    {
        var verifier = new LogVerifier(notes, open);
        foreach (var entry in entries) verifier.Add(entry);
        return verifier.End();
    }
}
