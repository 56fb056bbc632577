using System.Net;
using System.Text.Json;

namespace Platform.Digits;

/// <summary>Has the workers score the test images as a batch job, and shows how it gets on.</summary>
internal static class BatchJob
{
    private const string Model = $"/v1/models/{DigitsModel.Name}";
    private const string Jobs = "/v1/jobs";
    private const int MaxBreaks = 60;

    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    /// <returns>0 when the job succeeded; otherwise 1, with the reason on standard error.</returns>
    /// <exception cref="DemoException">A step was refused.</exception>
    public static async Task<int> RunAsync(PlatformClient platform, LabelledImages images, string? version, CancellationToken stop)
    {
        // A platform that knows the model keeps what it has deployed.
        if ((await platform.GetAsync(Model, stop)).Status is HttpStatusCode.NotFound) await Registration.RunAsync(platform, stop);
        var created = (await platform.PostAsync(
            Jobs, new { model = DigitsModel.Name, version, input = new { format = "idx" }, output = new { format = "jsonl" } }, stop)).EnsureSuccess();
        var path = $"{Jobs}/{created.Json.GetProperty("id").GetString()}";
        Console.WriteLine($"Job {path}");
        try
        {
            var input = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, LabelledImages.ImagesFile), stop);
            (await platform.PutBytesAsync($"{path}/input", input, stop)).EnsureSuccess();
            var ended = await ProgressBar.RunAsync("job", images.Count, advance => FollowAsync(platform, path, advance, stop));
            return await JobReport.PrintAsync(platform, path, ended, images, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            var cancelled = await platform.PostAsync($"{path}/cancel", new { }, CancellationToken.None);
            Console.Error.WriteLine(cancelled.Succeeded ? "The job is cancelled." : "The job could not be cancelled any more.");
            throw;
        }
    }

    /// <summary>Listens until the job has ended; a stream that breaks, with the Api that sent it for instance, is opened again.</summary>
    private static async Task<JsonElement> FollowAsync(PlatformClient platform, string path, Action<int> advance, CancellationToken stop)
    {
        var shown = 0;
        for (var breaks = 0; ; breaks++)
        {
            try
            {
                await foreach (var job in platform.EventsAsync($"{path}/events", stop))
                {
                    var done = (int)(job.GetProperty("rows_done").GetInt64() + job.GetProperty("rows_failed").GetInt64());
                    if (done > shown) advance(done - shown);
                    shown = Math.Max(done, shown);
                    if (job.GetProperty("state").GetString() is "succeeded" or "failed" or "cancelled") return job;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException && breaks < MaxBreaks)
            {
                Console.Error.WriteLine($"The stream of events broke: {e.Message}");
            }

            if (breaks >= MaxBreaks) throw new DemoException($"The events of {path} ended {MaxBreaks} times before the job did.");
            await Task.Delay(ReconnectAfter, stop);
        }
    }
}
