using System.Diagnostics;
using System.Globalization;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>
/// Many deploys and rollbacks under load. PLAN_CHANGES=1000 in the environment makes it as many, and then the workers' memory is looked at.
/// </summary>
public sealed class PlanChangeTests(SharedPlatform shared)
{
    private const int DefaultChanges = 200;
    private static readonly int Changes =
        int.TryParse(Environment.GetEnvironmentVariable("PLAN_CHANGES"), CultureInfo.InvariantCulture, out var count) ? count : DefaultChanges;

    [Fact]
    public async Task Requests_DuringManyPlanChanges_AreAnsweredByAVersionInForce()
    {
        var (api, model) = (shared.Platform.Api, $"m-{Guid.NewGuid():n}");
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.DeployAsync(api, model, "1.1.0", "1.1.0");
        // When each change was asked for, and when it was in force for certain.
        var changes = new List<(long Asked, long InForce, string Version)> { (0, 0, "1.1.0") };
        var memory = new List<long>();
        IReadOnlyCollection<LoadAnswer> answers;
        await using (var load = await Load.StartAsync(shared.Platform, model))
        {
            for (var i = 0; i < Changes; i++)
            {
                var isBack = i % 2 == 0;
                var asked = Stopwatch.GetTimestamp();
                if (isBack) await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/rollback", new { reason = "to and fro" });
                else await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/deploy", new { version = "1.1.0" });
                changes.Add((asked, Stopwatch.GetTimestamp(), isBack ? "1.0.0" : "1.1.0"));
                if (i % 20 == 0) memory.Add((await shared.Platform.ProcessesAsync("worker")).Sum(worker => worker.WorkingSet64));
            }

            await load.UntilAnsweredAsync(20);
            Assert.Empty(load.Failures);
            answers = load.Answers;
        }

        var next = 0;
        foreach (var answer in answers.OrderBy(answer => answer.Started))
        {
            while (next + 1 < changes.Count && changes[next + 1].InForce <= answer.Started) next++;
            // In force while it ran: what held at its start, and every change asked for before its end.
            var allowed = changes.Skip(next).TakeWhile((change, index) => index == 0 || change.Asked <= answer.Ended).Select(change => change.Version);
            Assert.Contains(answer.Version, allowed);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Count} answers; workers' memory in MiB: {string.Join(' ', memory.Select(bytes => bytes >> 20))}");
        if (Changes >= 1_000) Assert.InRange(memory.TakeLast(10).Average() / memory.Skip(memory.Count / 2).Take(10).Average(), 0, 1.02);
    }
}
