using System.Text;
using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class LogVerifierTests
{
    private const int Tamperings = 100_000;

    [Fact]
    public void Log_AsWritten_IsValid()
    {
        using var key = AuditSamples.NewKey();
        var (entries, notes) = AuditSamples.Log(key, 20, 4, 8, 20);
        Assert.Equal(new LogVerdict(true, 20, null, null), AuditSamples.Verify(entries, notes, note => SignedCheckpoint.Open(note, [key])));
    }

    [Fact]
    public void Log_WithoutEntries_IsValid() =>
        Assert.Equal(new LogVerdict(true, 0, null, null), AuditSamples.Verify([], [], _ => null));

    [Fact]
    public void Log_TamperedWithAtRandom_IsFoundOutEachTime()
    {
        using var key = AuditSamples.NewKey();
        var logs = Enumerable.Range(1, 24).Select(size => AuditSamples.Log(key, size, [.. Enumerable.Range(1, size).Where(i => i % 5 == 0 || i == size)])).ToArray();
        // What was signed is asked for again and again; only what was never seen costs a look at a signature.
        var known = logs.SelectMany(log => log.Notes).ToDictionary(note => note, note => SignedCheckpoint.Open(note, [key]));
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Tamperings; i++)
        {
            var (entries, notes) = logs[random.Next(logs.Length)];
            var (spoiled, spoiledNotes, lowest) = Tamper([.. entries], [.. notes], random);
            var verdict = AuditSamples.Verify(
                spoiled, spoiledNotes, note => known.TryGetValue(note, out var opened) ? opened : SignedCheckpoint.Open(note, [key]));
            Assert.False(verdict.Valid, $"Seed {seed}, tampering {i} was not found.");
            Assert.True(verdict.FirstBad <= lowest, $"Seed {seed}, tampering {i}: entry {lowest} is bad, not only from {verdict.FirstBad} on.");
        }
    }

    [Fact]
    public void Log_OneEntryChangedWithTheLeafKept_NamesThatEntry()
    {
        using var key = AuditSamples.NewKey();
        var (entries, notes) = AuditSamples.Log(key, 20, 8, 20);
        var leaves = entries.Select(entry => MerkleHash.Leaf(entry)).ToArray();
        entries[13][40] ^= 1;
        var verifier = new LogVerifier(notes, note => SignedCheckpoint.Open(note, [key]));
        for (var i = 0; i < entries.Count; i++) verifier.Add(entries[i], leaves[i]);
        Assert.Equal((false, 13L), (verifier.End().Valid, verifier.End().FirstBad));
    }

    [Fact]
    public void Log_OneEntryChangedWithoutTheLeaf_NamesTheFirstAfterTheLastGoodCheckpoint()
    {
        using var key = AuditSamples.NewKey();
        var (entries, notes) = AuditSamples.Log(key, 20, 8, 20);
        entries[13][40] ^= 1;
        var verdict = AuditSamples.Verify(entries, notes, note => SignedCheckpoint.Open(note, [key]));
        Assert.Equal((false, 8L), (verdict.Valid, verdict.FirstBad));
    }

    [Fact]
    public void Log_SignedByAStranger_IsNotValid()
    {
        using var key = AuditSamples.NewKey();
        using var stranger = AuditSamples.NewKey();
        var (entries, notes) = AuditSamples.Log(stranger, 5, 5);
        var verdict = AuditSamples.Verify(entries, notes, note => SignedCheckpoint.Open(note, [key]));
        Assert.Equal((false, 0L), (verdict.Valid, verdict.FirstBad));
    }

    /// <returns>The log after one random tampering, and the lowest entry that it concerns.</returns>
    private static (List<byte[]> Entries, List<string> Notes, long Lowest) Tamper(List<byte[]> entries, List<string> notes, Random random)
    {
        var at = random.Next(entries.Count);
        switch (random.Next(8))
        {
            case 0:
                entries[at] = [.. entries[at]];
                entries[at][random.Next(entries[at].Length)] ^= (byte)random.Next(1, 256);
                return (entries, notes, at);
            case 1:
                entries.RemoveAt(at);
                return (entries, notes, at);
            case 2:
                entries.Insert(at, entries[random.Next(entries.Count)]);
                return (entries, notes, entries.Count);
            case 3:
                var to = random.Next(entries.Count);
                if (to == at) goto case 1;
                (entries[at], entries[to]) = (entries[to], entries[at]);
                return (entries, notes, Math.Min(at, to));
            case 4:
                entries.RemoveRange(at, entries.Count - at);
                return (entries, notes, at);
            case 5:
                entries.Add(AuditEncoding.Encode(AuditSamples.Entry(random.Next())));
                return (entries, notes, entries.Count);
            case 6:
                var note = random.Next(notes.Count);
                var bytes = Encoding.UTF8.GetBytes(notes[note]);
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                notes[note] = Encoding.UTF8.GetString(bytes);
                return (entries, notes, entries.Count);
            default:
                notes.RemoveAt(random.Next(notes.Count));
                return (entries, notes, entries.Count);
        }
    }
}
