namespace AppHost.Tests.Local;

public class GoldenManifestTests
{
    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation", "publish", "--step", "publish-manifest")]
    public async Task Manifest_SampleTopology_IsWhatAspireWrote(params string[] how)
    {
        using var sample = new SampleTopology();
        await using var app = sample.Describe([.. how, "--output-path", sample.ManifestPath]).Build();

        await app.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SampleTopology.Golden("manifest.sample.json"), await File.ReadAllTextAsync(sample.ManifestPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Manifest_FolderAsOutput_GetsTheDefaultName()
    {
        using var sample = new SampleTopology();
        var folder = Path.Combine(Path.GetDirectoryName(sample.ManifestPath)!, "out");
        await using var app = sample.Describe("--publisher", "manifest", "--output-path", folder).Build();

        await app.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(Path.Combine(folder, "aspire-manifest.json")));
    }

    [Fact]
    public async Task Publish_UnknownStep_IsRefusedWithWhatIsKnown()
    {
        using var sample = new SampleTopology();
        await using var app = sample.Describe("--operation", "publish", "--step", "deploy", "--output-path", sample.ManifestPath).Build();

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains("publish-manifest", refusal.Message, StringComparison.Ordinal);
    }
}
