using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core;
using Platform.Core.Batching;
using Platform.Core.Serving;
using Platform.SharedState.Workers;
using Platform.Worker.Loading;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Inference;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Loading;

public sealed class SessionTests
{
    private const string Model = "digits";
    private const string Version = "2.0.0";

    [Theory]
    [InlineData(SessionProfile.Throughput)]
    [InlineData(SessionProfile.Latency)]
    public async Task Profile_OfADeployment_DecidesHowManyThreadsARunHas(SessionProfile profile)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync(Model, Version, Digits.Model(Version), new DeploymentConfig(Profile: profile));
        var text = await host.Client.GetStringAsync(new Uri(WorkerProtocol.ProfilePath(Model, Version), UriKind.Relative), TestContext.Current.CancellationToken);
        var report = JsonSerializer.Deserialize<BatchProfile>(text, PlatformJson.Options)!;
        Assert.Equal(profile == SessionProfile.Latency ? Environment.ProcessorCount : 1, report.Threads);
    }

    [Fact]
    public async Task LatencyVersion_AskedByManyAtOnce_RunsOneAfterAnotherAndAnswersAll()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "4"));
        await host.LoadAsync(Model, Version, Digits.Model(Version), new DeploymentConfig(Profile: SessionProfile.Latency, Limits: new ServingLimits(Timeout: TimeSpan.FromMinutes(5))));
        var images = Digits.Images();
        var most = 0;
        var version = Assert.Single(host.Services.GetRequiredService<ServedVersions>().All);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var answer = await host.InferAsync(Model, Version, DigitsTests.Json([images[i]]));
            most = Math.Max(most, version.Running);
            return answer.StatusCode;
        }));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(most, 0, version.Model.Threads > 1 ? 1 : 4);
    }

    [Fact]
    public async Task IdleVersion_IsShrunkOnceAfterItsRuns()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync(Model, Version, Digits.Model(Version));
        var shrinker = host.Services.GetRequiredService<IdleShrinker>();
        Assert.Equal(0, shrinker.ShrinkIdle());
        using (await host.InferAsync(Model, Version, DigitsTests.Json([Digits.Images()[0]]))) { }
        Assert.Equal([0, 1, 0], [shrinker.ShrinkIdle(), shrinker.ShrinkIdle(), shrinker.ShrinkIdle()]);
        using var answer = await host.InferAsync(Model, Version, DigitsTests.Json([Digits.Images()[0]]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
