[assembly: AssemblyFixture(typeof(Platform.Tests.TestProcessTurn))]

namespace Platform.Tests;

/// <summary>One test project runs at a time: the end-to-end tests start the whole platform and must not be starved.</summary>
/// <remarks>
/// <c>dotnet test</c> starts as many test processes as there are cores, and its switch against that has no setting that
/// the plain command reads. A lock on a file does the same for everybody; the system frees it whichever way a process ends.
/// </remarks>
public sealed class TestProcessTurn : IAsyncLifetime
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private FileStream? turn;

    public async ValueTask InitializeAsync()
    {
        var file = LockFile();
        using var timer = new PeriodicTimer(Poll);
        while (!TryTake(file))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (turn is not null)
            await turn.DisposeAsync();
    }

    private bool TryTake(string file)
    {
        try
        {
            turn = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>In the checkout, so that two checkouts do not wait for each other.</summary>
    private static string LockFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            folder = folder.Parent;
        var results = Directory.CreateDirectory(Path.Combine(folder?.FullName ?? Path.GetTempPath(), "TestResults"));
        return Path.Combine(results.FullName, "turn.lock");
    }
}
