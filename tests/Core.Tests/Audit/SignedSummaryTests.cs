using System.Security.Cryptography;
using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class SignedSummaryTests
{
    private static readonly AuditSummary Summary = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), ["ann"], ["models.deploy"], null);

    [Fact]
    public void Summary_OpensForItsChunkAndItsKeyAlone()
    {
        using CheckpointKey key = NewKey(), other = NewKey();
        var note = SignedSummary.Sign(Summary, 7, key.Sign);

        var opened = SignedSummary.Open(note, 7, [key])!;
        Assert.Equal((Summary.FirstAt, Summary.LastAt), (opened.FirstAt, opened.LastAt));
        Assert.Equal(["ann"], opened.Actors!);
        Assert.Null(opened.Resources);
        Assert.Null(SignedSummary.Open(note, 8, [key]));
        Assert.Null(SignedSummary.Open(note, 7, [other]));
    }

    [Fact]
    public void Summary_ThatWasChanged_DoesNotOpen()
    {
        using var key = NewKey();
        var note = SignedSummary.Sign(Summary, 7, key.Sign);

        Assert.Null(SignedSummary.Open(note.Replace("ann", "bob", StringComparison.Ordinal), 7, [key]));
        Assert.Null(SignedSummary.Open("", 7, [key]));
        Assert.Null(SignedSummary.Open(SignedSummary.ToText(Summary, 7), 7, [key]));
    }

    private static CheckpointKey NewKey()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return CheckpointKey.FromPem(pair.ExportPkcs8PrivateKeyPem());
    }
}
