using System.Text.Json;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Tests.Local;

public class GoldenEnvironmentTests
{
    [Theory]
    [InlineData("silo")]
    [InlineData("api")]
    [InlineData("worker")]
    [InlineData("ticker")]
    [InlineData("devonly")]
    public async Task Environment_SampleTopology_IsWhatAspireGave(string resource)
    {
        using var sample = new SampleTopology();
        await using var app = sample.Describe(
            "--Ports:redis:tcp=52001", "--Ports:api:http=52004",
            "--OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "--OTEL_EXPORTER_OTLP_HEADERS=x-otlp-api-key=<generated>").Build();

        var given = await EnvironmentAsync(app, resource);

        Assert.Equal(Expected(resource), given.Select(variable => $"{variable.Key}={variable.Value}"));
    }

    [Fact]
    public async Task Environment_NoCollector_NamesTheServiceAndNoEndpoint()
    {
        using var sample = new SampleTopology();
        await using var app = sample.Describe("--OTEL_EXPORTER_OTLP_ENDPOINT=").Build();

        var given = await EnvironmentAsync(app, "silo");

        Assert.Contains("OTEL_SERVICE_NAME", given);
        Assert.Contains("OTEL_RESOURCE_ATTRIBUTES", given);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", given);
        Assert.DoesNotContain("OTEL_BSP_SCHEDULE_DELAY", given);
    }

    [Fact]
    public async Task Environment_OfAReplica_HasItsOwnPortsAndNames()
    {
        using var sample = new SampleTopology();
        await using var app = sample.Describe().Build();
        var settings = await EnvironmentAsync(app, "silo");
        var replica = app.Services.GetRequiredService<ReplicaSet>().All.Single(r => r.Resource.Name == "silo");

        Assert.Equal($"http://localhost:{replica.Ports["http"]}", replica.Fill(settings["ASPNETCORE_URLS"]));
        Assert.Equal($"{replica.Ports["orleans-silo"]}", replica.Fill(settings["Orleans__Endpoints__SiloPort"]));
        Assert.Equal("silo", replica.Fill(settings["OTEL_SERVICE_NAME"]));
        Assert.Equal($"service.instance.id={replica.Id["silo-".Length..]}", replica.Fill(settings["OTEL_RESOURCE_ATTRIBUTES"]));
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(DistributedApplication app, string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        app.Services.GetRequiredService<PortPlan>().Make(model.Resources);
        var settings = await ResourceSettings.EnvironmentAsync(
            model.Resources.Single(resource => resource.Name == name), app.Services.GetRequiredService<DistributedApplicationExecutionContext>(), cancellation);
        var secrets = await Secrets(settings, cancellation);
        return (await ResourceSettings.ResolveAsync(settings, cancellation))
            .ToDictionary(variable => variable.Key, variable => secrets.Aggregate(variable.Value, (text, secret) => text.Replace(secret, "<generated>", StringComparison.Ordinal)));
    }

    /// <summary>Generated values differ each time; the golden data says so in their place.</summary>
    private static async Task<string[]> Secrets(Dictionary<string, object> settings, CancellationToken cancellation)
    {
        var generated = settings.Where(setting => setting.Key is "REDIS_PASSWORD" or "Orleans__ClusterId" or "Orleans__ServiceId");
        return await Task.WhenAll(generated.Select(async setting => await ResourceSettings.TextAsync(setting.Value, cancellation)));
    }

    private static IEnumerable<string> Expected(string resource)
    {
        using var golden = JsonDocument.Parse(SampleTopology.Golden("run-mode-environment.json"));
        var process = golden.RootElement.EnumerateObject().First(entry => entry.Name.StartsWith($"Executable {resource}-", StringComparison.Ordinal));
        return [.. process.Value.GetProperty("env").EnumerateObject().Select(variable => $"{variable.Name}={variable.Value.GetString()}")];
    }
}
