using System.Security.Cryptography;
using System.Text;
using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class CheckpointTests
{
    private static readonly Checkpoint Sample = new("platform.test", 12, MerkleHash.Leaf([1]), AuditSamples.Start, "");

    [Fact]
    public void Checkpoint_AsText_IsThatOfC2sp()
    {
        Assert.Equal(
            $"platform.test\n12\n{Convert.ToBase64String(MerkleHash.Leaf([1]).ToArray())}\ntime 2026-03-01T12:00:00.0000000Z\nprevious -\n",
            Sample.ToText());
        Assert.Equal(Sample, Checkpoint.Parse(Sample.ToText()));
    }

    [Fact]
    public void Note_OfATrustedKey_Opens()
    {
        using var key = AuditSamples.NewKey();
        using var other = AuditSamples.NewKey();
        Assert.Equal(Sample, SignedCheckpoint.Open(key.Sign(Sample), [other, key]));
        Assert.Null(SignedCheckpoint.Open(key.Sign(Sample), [other]));
    }

    [Fact]
    public void Note_VerifiesWithThePublicHalfAlone()
    {
        using var key = AuditSamples.NewKey();
        using var half = CheckpointKey.FromPem(key.PublicPem);
        Assert.Equal(key.Id, half.Id);
        Assert.Equal(Sample, SignedCheckpoint.Open(key.Sign(Sample), [half]));
    }

    [Fact]
    public void Note_WithAnyByteChanged_DoesNotOpen()
    {
        using var key = AuditSamples.NewKey();
        var note = Encoding.UTF8.GetBytes(key.Sign(Sample));
        for (var i = 0; i < note.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var spoiled = note.ToArray();
                spoiled[i] ^= (byte)(1 << bit);
                Assert.Null(SignedCheckpoint.Open(Encoding.UTF8.GetString(spoiled), [key]));
            }
        }
    }

    [Fact]
    public void Key_OfAnotherCurve_IsRefused()
    {
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => CheckpointKey.FromPem(large.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => CheckpointKey.FromPem("no key"));
    }
}
