using System.Diagnostics;

namespace AppHost.Tests;

/// <summary>Compiles against AppHost.Local and against Aspire: both must write the manifest that is checked in.</summary>
public class ManifestTests
{
    [Fact]
    public async Task Manifest_OfThisAppHost_IsTheOneCheckedIn()
    {
        var root = Path.GetDirectoryName(Projects.AppHost.ProjectPath)!;
        // Paths in a manifest are relative to it, so the new one has to lie beside the old one.
        var path = Path.Combine(root, $"aspire-manifest.{Guid.NewGuid():N}.json");
        try
        {
            using var appHost = Process.Start(new ProcessStartInfo("dotnet", [typeof(Projects.AppHost).Assembly.Location, "--publisher", "manifest", "--output-path", path])
            {
                WorkingDirectory = Projects.AppHost.ProjectPath,
            })!;
            await appHost.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(0, appHost.ExitCode);
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(root, "aspire-manifest.json"), TestContext.Current.CancellationToken),
                await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
