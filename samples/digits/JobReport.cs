using System.Text;
using System.Text.Json;

namespace Platform.Digits;

/// <summary>Tells a person what a job came to: accuracy by its output, throughput by its own times.</summary>
internal static class JobReport
{
    private const int ErrorsShown = 5;

    public static async Task<int> PrintAsync(PlatformClient platform, string path, JsonElement job, LabelledImages images, CancellationToken stop)
    {
        Console.WriteLine();
        await PrintErrorsAsync(platform, path, job, stop);
        if (job.GetProperty("state").GetString() != "succeeded")
        {
            Console.Error.WriteLine($"The job {job.GetProperty("state").GetString()}: {job.GetProperty("detail").GetString()}");
            return 1;
        }

        var output = (await platform.GetAsync($"{path}/output", stop)).EnsureSuccess();
        var (rows, correct) = Score(output.Body, images);
        var version = job.GetProperty("version").GetString();
        var seconds = (job.GetProperty("ended_at").GetDateTimeOffset() - job.GetProperty("started_at").GetDateTimeOffset()).TotalSeconds;
        var accuracy = rows == 0 ? 0 : (double)correct / rows;
        Console.WriteLine($"job: accuracy {accuracy:0.0000} on {rows:N0} images{Expectation(version, accuracy)}");
        Console.WriteLine($"job: {rows:N0} images in {seconds:0.00} s, {rows / seconds:N0} images/s");
        return 0;
    }

    /// <summary>How many rows the output has, and in how many the most probable digit is the true one.</summary>
    /// <exception cref="DemoException">A line is no row of this model's output.</exception>
    public static (int Rows, int Correct) Score(byte[] output, LabelledImages images)
    {
        var (rows, correct) = (0, 0);
        foreach (var line in Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var row = JsonElement.Parse(line);
                var probabilities = row.GetProperty("outputs").GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle()).ToArray();
                correct += Array.IndexOf(probabilities, probabilities.Max()) == images.Label(row.GetProperty("row").GetInt32()) ? 1 : 0;
                rows++;
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
            {
                throw new DemoException($"Line {rows + 1} of the output is none of ten probabilities: {e.Message}", e);
            }
        }

        return (rows, correct);
    }

    private static async Task PrintErrorsAsync(PlatformClient platform, string path, JsonElement job, CancellationToken stop)
    {
        if (job.GetProperty("rows_failed").GetInt64() is var failed and > 0)
        {
            var errors = (await platform.GetAsync($"{path}/errors", stop)).EnsureSuccess();
            Console.WriteLine($"{failed:N0} rows failed; the first of them:");
            foreach (var line in Encoding.UTF8.GetString(errors.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(ErrorsShown)) Console.WriteLine($"  {line}");
        }
    }

    private static string Expectation(string? version, double accuracy) =>
        version != DigitsModel.Live ? $" with {DigitsModel.Name} {version}"
        : Math.Round(accuracy, 4) == DigitsModel.ExpectedAccuracy ? $", as expected of {DigitsModel.Name} {version}"
        : $": DIFFERS from {DigitsModel.ExpectedAccuracy:0.0000}, which {DigitsModel.Name} {version} has on these images";
}
