using System.Diagnostics;

namespace Platform.Digits;

/// <summary>Sends every image once, one request after the other, and keeps what came back.</summary>
internal static class InferencePass
{
    private const string InferPath = $"/v2/models/{DigitsModel.Name}/infer";

    /// <exception cref="DemoException">A request failed.</exception>
    public static Task<PassResult> RunAsync(string name, PlatformClient platform, LabelledImages images, int batchSize, CancellationToken stop) =>
        ProgressBar.RunAsync(name, images.Count, async advance =>
        {
            var result = new PassResult(name, images.Count);
            var started = Stopwatch.GetTimestamp();
            for (var first = 0; first < images.Count; first += batchSize)
            {
                var count = Math.Min(batchSize, images.Count - first);
                await InferAsync(platform, images, first, count, result, stop);
                advance(count);
            }

            result.Elapsed = Stopwatch.GetElapsedTime(started);
            return result;
        });

    private static async Task InferAsync(
        PlatformClient platform, LabelledImages images, int first, int count, PassResult result, CancellationToken stop)
    {
        var body = InferenceMessage.Write(images.Pixels(first, count), count);
        var sent = Stopwatch.GetTimestamp();
        var answer = (await platform.PostJsonAsync(InferPath, body, stop)).EnsureSuccess();
        var time = Stopwatch.GetElapsedTime(sent);

        var digits = InferenceMessage.ReadDigits(answer.Body, count);
        var correct = digits.Where((digit, i) => digit == images.Label(first + i)).Count();
        result.Add(time, correct, answer.Worker ?? "unnamed", answer.ModelVersion ?? "unnamed");
    }
}
