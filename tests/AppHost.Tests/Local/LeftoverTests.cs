using System.Diagnostics;
using Aspire.Hosting.Running;

namespace AppHost.Tests.Local;

public sealed class LeftoverTests : LocalTest
{
    [Fact]
    public async Task Leftover_InTheRecord_IsKilledAndSaid()
    {
        using var left = Process.Start("sleep", "600");
        Folder.File("apphost.children", ChildIdentity.Of(left.Id, "/usr/bin/sleep").ToString());

        await using var app = await LocalApp.StartAsync(LocalApp.CreateBuilder(Folder.Path), Cancellation);

        await left.WaitForExitAsync(Cancellation);
        Assert.Contains($"Killed process {left.Id} (sleep)", app.Output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("started at another time", "12345", "sleep")]
    [InlineData("another command", null, "dotnet")]
    public async Task Leftover_WhoseNumberIsNowAnothers_IsLeftAlone(string why, string? startedAt, string command)
    {
        using var other = Process.Start("sleep", "600");
        try
        {
            var identity = ChildIdentity.Of(other.Id, command);
            Folder.File("apphost.children", (identity with { StartedAt = startedAt ?? identity.StartedAt }).ToString());

            await using var app = await LocalApp.StartAsync(LocalApp.CreateBuilder(Folder.Path), Cancellation);

            Assert.False(other.HasExited, why);
            Assert.DoesNotContain("Killed", app.Output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task Guardian_AppHostGone_EndsTheChildren()
    {
        using var child = Process.Start("sleep", "600");
        using var spared = Process.Start("sleep", "600");
        try
        {
            using (var guardian = new Guardian())
            {
                guardian.Watch(spared.Id);
                guardian.Watch(child.Id);
                guardian.Forget(spared.Id);
                // The end of the pipe is all that the shell sees of an AppHost's death.
            }

            await child.WaitForExitAsync(Cancellation);
            Assert.False(spared.HasExited);
        }
        finally
        {
            spared.Kill();
        }
    }
}
