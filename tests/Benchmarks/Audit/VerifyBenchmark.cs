using System.Diagnostics;
using System.Security.Cryptography;
using Platform.Core.Audit;

namespace Platform.Benchmarks.Audit;

/// <summary>How long it takes to verify a million entries with a checkpoint each 1,000.</summary>
internal static class VerifyBenchmark
{
    private const int Entries = 1_000_000;
    private const int CheckpointEvery = 1_000;

    public static int Run()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = CheckpointKey.FromPem(pair.ExportPkcs8PrivateKeyPem());
        var (entries, notes) = Write(key);
        var watch = Stopwatch.StartNew();
        var verifier = new LogVerifier(notes, note => SignedCheckpoint.Open(note, [key]));
        foreach (var entry in entries) verifier.Add(entry);
        var verdict = verifier.End();
        Console.WriteLine(
            $"verify: {verdict.Entries:N0} entries of {entries[0].Length} bytes, {notes.Count:N0} checkpoints: " +
            $"{watch.Elapsed.TotalSeconds:0.00} s, {(verdict.Valid ? "valid" : verdict.Reason)} (wanted: at most 5 s)");
        return verdict.Valid && watch.Elapsed.TotalSeconds <= 5 ? 0 : 1;
    }

    private static (byte[][] Entries, List<string> Notes) Write(CheckpointKey key)
    {
        var (entries, notes, tree) = (new byte[Entries][], new List<string>(), new MerkleFrontier());
        for (var i = 0; i < Entries; i++)
        {
            entries[i] = AuditEncoding.Encode(Samples.Entry(i));
            tree.Append(MerkleHash.Leaf(entries[i]));
            if ((i + 1) % CheckpointEvery != 0) continue;
            notes.Add(key.Sign(new Checkpoint("benchmark", i + 1, tree.Root, DateTimeOffset.UnixEpoch, notes.Count == 0 ? "" : SignedCheckpoint.Digest(notes[^1]))));
        }

        return (entries, notes);
    }
}
