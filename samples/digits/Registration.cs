using System.Net;

namespace Platform.Digits;

/// <summary>Registers the model and its versions and puts one to work. Every step may be repeated, so the demo can run again.</summary>
internal static class Registration
{
    private const string Model = $"/v1/models/{DigitsModel.Name}";

    private static readonly TimeSpan ReadyMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(250);

    /// <exception cref="DemoException">A step was refused.</exception>
    public static async Task RunAsync(PlatformClient platform, CancellationToken stop)
    {
        await RegisterModelAsync(platform, stop);
        foreach (var version in DigitsModel.Versions)
        {
            await RegisterVersionAsync(platform, version, stop);
            await UploadAsync(platform, version, stop);
        }

        await DeployAsync(platform, stop);
        await WaitUntilReadyAsync(platform, stop);
    }

    private static async Task RegisterModelAsync(PlatformClient platform, CancellationToken stop)
    {
        var answer = await platform.PostAsync("/v1/models", new
        {
            name = DigitsModel.Name,
            description = "Handwritten digits: 28×28 grey images to ten probabilities",
            owner = "samples",
            task = "image-classification",
            labels = new { dataset = "mnist" },
        }, stop);
        Say($"model {DigitsModel.Name}", await CreatedOrThereAsync(platform, answer, Model, stop));
    }

    private static async Task RegisterVersionAsync(PlatformClient platform, DigitsVersion version, CancellationToken stop)
    {
        var answer = await platform.PostAsync($"{Model}/versions", new
        {
            version = version.Version,
            description = version.Description,
            training = new { framework = "numpy", dataset = "MNIST", parameters = new { seed = "7" } },
            metrics = new { accuracy = version.Accuracy },
            labels = new { source = "samples" },
        }, stop);
        var state = await CreatedOrThereAsync(platform, answer, $"{Model}/versions/{version.Version}", stop);
        Say($"version {version.Version}", $"{state}; {version.Description.ToLowerInvariant()}, declared accuracy {version.Accuracy}");
    }

    private static async Task UploadAsync(PlatformClient platform, DigitsVersion version, CancellationToken stop)
    {
        var bytes = await ReadModelAsync(version, stop);
        var answer = await platform.PutBytesAsync($"{Model}/versions/{version.Version}/artifact", bytes, stop);
        if (answer.Status is HttpStatusCode.Conflict)
            answer.EnsureSuccess($"{version.Version} holds another model than {version.FileName}, and a version never changes its model:");
        answer.EnsureSuccess();
        Say($"artifact {version.Version}", $"{bytes.Length:N0} bytes");
    }

    private static async Task DeployAsync(PlatformClient platform, CancellationToken stop)
    {
        var answer = await platform.PostAsync($"{Model}/deploy", new { version = DigitsModel.Live }, stop);
        if (answer.Status is HttpStatusCode.Conflict && await IsDeployedAsync(platform, stop))
        {
            Say($"deploy {DigitsModel.Live}", "was deployed already");
            return;
        }

        answer.EnsureSuccess();
        Say($"deploy {DigitsModel.Live}", "done");
    }

    private static async Task<bool> IsDeployedAsync(PlatformClient platform, CancellationToken stop)
    {
        var version = await platform.GetAsync($"{Model}/versions/{DigitsModel.Live}", stop);
        return version.Succeeded && version.Json.TryGetProperty("stage", out var stage) && stage.ValueEquals("deployed");
    }

    private static async Task WaitUntilReadyAsync(PlatformClient platform, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ReadyMax);
        using var poll = new PeriodicTimer(ReadyPoll);
        try
        {
            while (!(await platform.GetAsync($"/v2/models/{DigitsModel.Name}/versions/{DigitsModel.Live}/ready", limit.Token)).Succeeded)
                await poll.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new DemoException($"No worker had {DigitsModel.Name} {DigitsModel.Live} ready within {ReadyMax.TotalSeconds:0} s.", e);
        }
    }

    private static async Task<string> CreatedOrThereAsync(PlatformClient platform, Answer answer, string path, CancellationToken stop)
    {
        // 409 also says "in the way of something else": only a resource that is really there lets the demo go on.
        if (answer.Status is HttpStatusCode.Conflict && (await platform.GetAsync(path, stop)).Succeeded)
            return "was there already";
        answer.EnsureSuccess();
        return "registered";
    }

    private static async Task<byte[]> ReadModelAsync(DigitsVersion version, CancellationToken stop)
    {
        var path = Path.Combine(AppContext.BaseDirectory, version.FileName);
        try
        {
            return await File.ReadAllBytesAsync(path, stop);
        }
        catch (IOException e)
        {
            throw new DemoException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static void Say(string step, string result) => Console.WriteLine($"  {step,-16} {result}");
}
