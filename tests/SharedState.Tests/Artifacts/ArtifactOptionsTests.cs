using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

public sealed class ArtifactOptionsTests
{
    private const string Key = StoreUnderTest.PlatformKey;

    [Fact]
    public void Folder_NeedsAFolderAndAKey()
    {
        var options = Bind(("Folder", "/data"), ("PlatformKey", Key));

        Assert.Equal((ArtifactStoreKind.Folder, "/data"), (options.Store, options.Folder));
    }

    [Fact]
    public void S3_TakesTheBucketInsteadOfAFolder()
    {
        var options = Bind(
            ("Store", "s3"), ("PlatformKey", Key), ("S3:Endpoint", "http://localhost:9000"), ("S3:Bucket", "models"), ("S3:Region", "eu-1"),
            ("S3:AccessKey", "a"), ("S3:SecretKey", "b"), ("S3:Prefix", "p/"), ("S3:ForcePathStyle", "true"),
            ("RetiredKeys:0", Key + "1"), ("RetiredKeys:1", Key + "2"));

        Assert.Equal(
            (ArtifactStoreKind.S3, "localhost", "models", "eu-1", "a", "b", "p/", true),
            (options.Store, options.S3.Endpoint!.Host, options.S3.Bucket, options.S3.Region, options.S3.AccessKey, options.S3.SecretKey, options.S3.Prefix, options.S3.ForcePathStyle!.Value));
        Assert.Equal([Key + "1", Key + "2"], options.RetiredKeys);
    }

    [Theory]
    [InlineData("Artifacts:Folder", "PlatformKey", Key)]
    [InlineData("Artifacts:PlatformKey", "Folder", "/data")]
    [InlineData("Artifacts:PlatformKey", "PlatformKey", "short", "Folder", "/data")]
    [InlineData("Artifacts:RetiredKeys", "PlatformKey", Key, "Folder", "/data", "RetiredKeys:0", "short")]
    [InlineData("Artifacts:SigningKey", "PlatformKey", Key, "Folder", "/data", "SigningKey", "no PEM")]
    [InlineData("Artifacts:TrustedKeys", "PlatformKey", Key, "Folder", "/data", "TrustedKeys:0", "no PEM")]
    [InlineData("Artifacts:S3:Bucket", "PlatformKey", Key, "Store", "s3")]
    [InlineData("Artifacts:S3:AccessKey", "PlatformKey", Key, "Store", "s3", "S3:Bucket", "b", "S3:SecretKey", "b")]
    [InlineData("Artifacts:MaxBytes", "PlatformKey", Key, "Store", "s3", "S3:Bucket", "b", "MaxBytes", "6000000000")]
    [InlineData("StagingMaxAge", "PlatformKey", Key, "Folder", "/data", "StagingMaxAge", "00:00:01")]
    public void Setting_ThatIsMissingOrWrong_IsNamed(string named, params string[] settings)
    {
        var pairs = settings.Chunk(2).Select(pair => (pair[0], pair[1])).ToArray();

        Assert.Contains(named, Assert.Throws<OptionsValidationException>(() => Bind(pairs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_OfAnotherCurveOrHalf_AreRefused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (var pem in (string[])[p384.ExportPkcs8PrivateKeyPem(), p256.ExportSubjectPublicKeyInfoPem()])
            Assert.Throws<OptionsValidationException>(() => Bind(("Folder", "/data"), ("PlatformKey", Key), ("SigningKey", pem)));
        Bind(
            ("Folder", "/data"), ("PlatformKey", Key),
            ("SigningKey", p256.ExportPkcs8PrivateKeyPem()), ("TrustedKeys:0", p256.ExportSubjectPublicKeyInfoPem()));
    }

    private static ArtifactOptions Bind(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Artifacts:{setting.Name}", (string?)setting.Value))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddArtifactStore().BuildServiceProvider();
        return services.GetRequiredService<IOptions<ArtifactOptions>>().Value;
    }
}
