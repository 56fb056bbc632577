using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>The command line for people, as they run it.</summary>
public sealed partial class JobCommandTests
{
    [Fact]
    public async Task Job_OverTheTestImages_EndsInAccuracyAndThroughput()
    {
        var limit = TestContext.Current.CancellationToken;
        await using var platform = await RunningPlatform.StartAsync();
        var address = platform.Api.BaseAddress!.ToString();

        // The first run registers the model, the second finds it; the third names another version than production's.
        var first = await RunAsync(limit, "job", "--api", address, "--key", RunningPlatform.AdminKey);
        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Contains("100%  2,000 of 2,000 images", first.Output, StringComparison.Ordinal);
        Assert.Contains("job: accuracy 0.9835 on 2,000 images, as expected of digits 2.0.0", first.Output, StringComparison.Ordinal);
        Assert.True(double.Parse(Throughput().Match(first.Output).Groups[1].Value, CultureInfo.InvariantCulture) > 0, first.Output);

        var again = await RunAsync(limit, "job", "--api", address, "--key", RunningPlatform.AdminKey, "--version", "1.0.0");
        Assert.True(again.ExitCode == 0, again.Output);
        Assert.Contains("job: accuracy 0.8980 on 2,000 images with digits 1.0.0", again.Output, StringComparison.Ordinal);

        var refused = await RunAsync(limit, "job", "--api", address, "--key", RunningPlatform.AdminKey, "--version", "9.9.9");
        Assert.True(refused.ExitCode == 1, refused.Output);
        Assert.Contains("9.9.9", refused.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("work")]
    [InlineData("job", "--api")]
    [InlineData("job", "--color", "red")]
    public async Task Arguments_Unknown_AreAnsweredWithTheUsage(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(TestContext.Current.CancellationToken, arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(CancellationToken limit, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(BuiltOutput.Of(new Projects.Digits().ProjectPath, "Platform.Digits.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(limit);
        var output = await process.StandardOutput.ReadToEndAsync(limit);
        await process.WaitForExitAsync(limit);
        return (process.ExitCode, output + await errors);
    }

    [GeneratedRegex(@"job: 2,000 images in [\d.]+ s, ([\d,]+) images/s")]
    private static partial Regex Throughput();
}
