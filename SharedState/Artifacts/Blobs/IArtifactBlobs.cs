namespace Platform.SharedState.Artifacts.Blobs;

/// <summary>What is kept under a name, and how long it is.</summary>
internal readonly record struct StoredBlob(Stream Content, long Length) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>
/// Bytes by name, whatever keeps them. Names have slashes. What is not there is a <see cref="FileNotFoundException"/>,
/// and a store that does not answer or refuses an <see cref="IOException"/>.
/// </summary>
internal interface IArtifactBlobs
{
    /// <summary>Whether <see cref="StoredBlob.Content"/> can begin anywhere.</summary>
    bool CanSeek { get; }

    /// <summary>Writes the pieces one after the other. What is written is seen whole or, if anything fails, not at all.</summary>
    /// <param name="isLasting">Whether it must outlive the machine's own crash, which costs a wait for the disk.</param>
    Task WriteAsync(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation, bool isLasting = true);

    Task<StoredBlob> OpenAsync(string name, CancellationToken cancellation);

    /// <summary>Gives a blob another name, in one step, in place of what has that name.</summary>
    Task MoveAsync(string from, string to, CancellationToken cancellation);

    /// <summary>Deletes a blob; one that is not there is deleted already.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>All that stands under <paramref name="folder"/>, at any depth, and when each was last written.</summary>
    IAsyncEnumerable<(string Name, DateTimeOffset At)> ListAsync(string folder, CancellationToken cancellation);

    /// <summary>Deletes everything under <paramref name="folder"/>, whatever its age; a folder that is not there is empty already.</summary>
    Task DeleteFolderAsync(string folder, CancellationToken cancellation);

    /// <summary>Deletes what stands under <paramref name="folder"/>, and what was never finished, since before <paramref name="before"/>.</summary>
    /// <returns>How many there were.</returns>
    Task<int> SweepAsync(string folder, DateTimeOffset before, CancellationToken cancellation);
}
