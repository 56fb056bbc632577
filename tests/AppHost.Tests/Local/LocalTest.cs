namespace AppHost.Tests.Local;

/// <summary>A folder of the test's own, and an end to waiting.</summary>
public abstract class LocalTest : IDisposable
{
    private readonly CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected LocalTest() => patience.CancelAfter(TimeSpan.FromMinutes(1));

    internal TemporaryFolder Folder { get; } = new();

    protected CancellationToken Cancellation => patience.Token;

    public void Dispose()
    {
        Folder.Dispose();
        patience.Dispose();
        GC.SuppressFinalize(this);
    }
}
