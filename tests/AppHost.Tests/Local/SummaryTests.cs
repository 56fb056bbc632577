namespace AppHost.Tests.Local;

public sealed class SummaryTests : LocalTest
{
    [Fact]
    public async Task Summary_EverythingHealthy_SaysWhereItIsAndShowsTheKey()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path, "--Local:ShowParameters:0=admin-key");
        builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);
        builder.AddProject<Dummy>("api")
            .WithHttpEndpoint()
            .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", (EndpointReference _) => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API reference" });
        builder.AddProject<Dummy>("worker").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(2);
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        var how = await app.Output.LineWithAsync("Parameters__admin_key", Cancellation);

        var text = app.Output.ToString();
        Assert.Contains("secrets.json", how, StringComparison.Ordinal);
        Assert.Contains($"{app.Running.GetEndpoint("api")}docs  API reference", text, StringComparison.Ordinal);
        Assert.Contains($"{app.Running.GetEndpoint("api", "grpc").GetLeftPart(UriPartial.Authority)}  grpc", text, StringComparison.Ordinal);
        Assert.Contains("2 of 2 healthy", text, StringComparison.Ordinal);
        Assert.Matches("admin-key  [A-Za-z0-9]{43}", text);
    }

    [Fact]
    public async Task Lines_OfReplicas_AreWholeAndNamed()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddExecutable("one", "/bin/sh", ".", "-c", "for i in 1 2 3 4 5 6 7 8 9; do printf 'half '; printf '\\033[31mline\\033[0m\\n'; done; echo done");
        builder.AddExecutable("another", "/bin/sh", ".", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo whole; done; echo done");
        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        await app.Output.LineWithAsync("one     | done", Cancellation);
        await app.Output.LineWithAsync("another | done", Cancellation);

        var lines = app.Output.ToString().Split('\n');
        Assert.Equal(9, lines.Count(line => line == "one     | half line"));
        Assert.Equal(9, lines.Count(line => line == "another | whole"));
    }
}
