using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Platform.Core.Audit;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;

namespace Platform.SharedState.Tests.Audit;

public sealed class AuditKeysTests
{
    private static readonly Checkpoint Sample = new("platform.audit", 1, MerkleHash.Leaf([1]), DateTimeOffset.UnixEpoch, "");
    private static readonly ArtifactOptions Platform = new() { PlatformKey = "a-platform-key-of-the-key-tests-0123456789" };

    [Fact]
    public void Key_OfThePlatformKey_IsTheSameEverywhereAndNotTheOneOfArtifacts()
    {
        var note = new AuditKeys(new AuditOptions(), Platform).Sign(Sample);
        Assert.Equal(Sample, new AuditKeys(new AuditOptions(), Platform).Open(note));
        Assert.Null(new AuditKeys(new AuditOptions(), new ArtifactOptions { PlatformKey = "another-platform-key-of-the-tests-0123456789" }).Open(note));
    }

    [Fact]
    public void Key_OfItsOwn_IsTheOnlyOneThatCounts()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var silo = new AuditKeys(new AuditOptions { SigningKey = pair.ExportPkcs8PrivateKeyPem() }, Platform);
        var api = new AuditKeys(new AuditOptions { TrustedKeys = [pair.ExportSubjectPublicKeyInfoPem()] }, Platform);
        Assert.Equal(Sample, api.Open(silo.Sign(Sample)));
        Assert.Null(api.Open(new AuditKeys(new AuditOptions(), Platform).Sign(Sample)));
        Assert.Throws<InvalidOperationException>(() => api.Sign(Sample));
    }

    [Theory]
    [InlineData("no pem", null, "Audit:SigningKey")]
    [InlineData(null, "no pem", "Audit:TrustedKeys")]
    public void Options_WithWhatIsNoKey_AreRefusedByName(string? signing, string? trusted, string name)
    {
        var options = new AuditOptions { SigningKey = signing, TrustedKeys = trusted is null ? [] : [trusted] };
        Assert.Contains(name, Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_WithAPublicKeyToSignWith_AreRefused()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new AuditOptions { SigningKey = pair.ExportSubjectPublicKeyInfoPem() };
        Assert.Single(options.Validate(new ValidationContext(options)));
    }
}
