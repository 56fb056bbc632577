using System.IO.Pipelines;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Jobs;

/// <summary>A file of a job on its way into the store. It is there once it was completed; disposed of before that, it never was.</summary>
public sealed class JobFileWriter : IAsyncDisposable
{
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
    private readonly CancellationTokenSource abandoned = new();
    private readonly Task<long> storing;
    private bool isCompleted;

    internal JobFileWriter(SealedFiles files, string name, bool isLasting)
    {
        Name = name;
        Stream = pipe.Writer.AsStream(leaveOpen: true);
        storing = StoreAsync(files, name, isLasting);
    }

    public string Name { get; }

    /// <summary>What is written here is in the file.</summary>
    public Stream Stream { get; }

    /// <summary>Ends the file.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="IOException">The store did not take it.</exception>
    public async Task<long> CompleteAsync()
    {
        await pipe.Writer.CompleteAsync();
        var length = await storing;
        isCompleted = true;
        return length;
    }

    public async ValueTask DisposeAsync()
    {
        if (!isCompleted)
        {
            await abandoned.CancelAsync();
            await pipe.Writer.CompleteAsync();
            // Whatever it came to, nobody wants the file any more.
            await storing.ContinueWith(static done => done.Exception, TaskScheduler.Default);
        }

        abandoned.Dispose();
    }

    private async Task<long> StoreAsync(SealedFiles files, string name, bool isLasting)
    {
        try
        {
            return await files.WriteAsync(name, pipe.Reader.AsStream(leaveOpen: true), abandoned.Token, isLasting);
        }
        finally
        {
            // Or whoever writes would wait for a reader that has gone.
            await pipe.Reader.CompleteAsync();
        }
    }
}
