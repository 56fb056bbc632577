using System.Net.Http.Json;

namespace Platform.AppHost.Tests.EndToEnd;

[Collection(nameof(FailureTests))]
public sealed class TwoSilosTests
{
    [Fact]
    public async Task OneOfTwoSilos_Killed_IsNotMissed()
    {
        await using var platform = await RunningPlatform.StartAsync("--Silo:Replicas=2");
        await DigitsData.DeployAsync(platform.Api, "digits", "2.0.0", "2.0.0");
        await using var load = await Load.StartAsync(platform, "digits");
        foreach (var silo in (int[])[0, 1])
        {
            var silos = await platform.ProcessesAsync("silo");
            Assert.Equal(2, silos.Count);
            silos[silo].Kill();

            var name = $"m-{Guid.NewGuid():n}";
            await Until.TrueAsync(
                async () => (await platform.Api.PostAsJsonAsync("/v1/models", new { name })).IsSuccessStatusCode
                    || (await platform.Api.GetAsync($"/v1/models/{name}")).IsSuccessStatusCode,
                TimeSpan.FromSeconds(60), "a control call to succeed");
            await DigitsData.InferAsync(platform.Api, "digits", 0, 1);
            await platform.UntilReplicasAsync("silo", 2);
        }

        Assert.Empty(load.Failures);
    }
}
