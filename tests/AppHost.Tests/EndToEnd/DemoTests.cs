using System.Diagnostics;

namespace Platform.AppHost.Tests.EndToEnd;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_EndsWellUnderAppHostAndCanBeRunAgain()
    {
        var limit = TestContext.Current.CancellationToken;
        await using var platform = await RunningPlatform.StartAsync("--demo");
        await platform.UntilFinishedAsync("demo", limit);
        var model = await platform.Api.SendJsonAsync(HttpMethod.Get, "/v1/models/digits", null);
        Assert.Equal("2.0.0", model.GetProperty("production").GetString());
        Assert.Equal(3, model.GetProperty("versions").GetArrayLength());

        var (exitCode, output) = await RunAsync(platform, limit);

        Assert.True(exitCode == 0, output);
        Assert.Contains("one by one: accuracy 0.9835, as expected", output, StringComparison.Ordinal);
        Assert.Contains("in requests of 32: accuracy 0.9835, as expected", output, StringComparison.Ordinal);
        Assert.Contains("100%  2,000 of 2,000 images", output, StringComparison.Ordinal);
        Assert.Contains("by version 2.0.0: 2,000", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(RunningPlatform platform, CancellationToken limit)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(BuiltOutput.Of(new Projects.Digits().ProjectPath, "Platform.Digits.dll"));
        start.Environment["API_URL"] = platform.Api.BaseAddress!.ToString();
        start.Environment["ADMIN_KEY"] = RunningPlatform.AdminKey;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(limit);
        await process.WaitForExitAsync(limit);
        return (process.ExitCode, output);
    }
}
