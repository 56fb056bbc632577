namespace Platform.Api.Audit;

/// <summary>One verification at a time: each reads the whole log, and nobody is to keep an Api busy with them.</summary>
internal sealed class VerifyTurn : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task<T> RunAsync<T>(Func<Task<T>> verification, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await verification();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
