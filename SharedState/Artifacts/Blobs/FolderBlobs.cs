using System.Runtime.CompilerServices;

namespace Platform.SharedState.Artifacts.Blobs;

/// <summary>A folder that all hosts share. What is being written has a name of its own in <c>unfinished</c> until it is whole.</summary>
internal sealed class FolderBlobs(string root) : IArtifactBlobs
{
    private const string Unfinished = "unfinished";
    private const int DeleteAttempts = 5;

    public bool CanSeek => true;

    public async Task WriteAsync(string name, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation, bool isLasting = true)
    {
        var unfinished = Make(PathOf($"{Unfinished}/{Guid.NewGuid():n}"));
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await foreach (var piece in pieces.WithCancellation(cancellation)) await file.WriteAsync(piece, cancellation);
                file.Flush(flushToDisk: isLasting);
            }

            File.Move(unfinished, Make(PathOf(name)), overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    public Task<StoredBlob> OpenAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var file = File.OpenRead(PathOf(name));
            return Task.FromResult(new StoredBlob(file, file.Length));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException($"There is no {name} in the artifact store.", e);
        }
    }

    public Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        File.Move(PathOf(from), Make(PathOf(to)), overwrite: true);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // Then the blob is not there either.
        }

        return Task.CompletedTask;
    }

    public Task DeleteFolderAsync(string folder, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(PathOf(folder), recursive: true);
                return Task.CompletedTask;
            }
            catch (DirectoryNotFoundException)
            {
                // Then nothing is in it.
                return Task.CompletedTask;
            }
            catch (IOException) when (attempt < DeleteAttempts)
            {
                // Somebody wrote into it meanwhile.
            }
        }
    }

    public Task<int> SweepAsync(string folder, DateTimeOffset before, CancellationToken cancellation)
    {
        var old = ((string[])[folder, Unfinished]).Select(PathOf).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)
            .Where(path => File.GetLastWriteTimeUtc(path) < before.UtcDateTime).ToArray();
        foreach (var path in old) File.Delete(path);
        return Task.FromResult(old.Length);
    }

    public async IAsyncEnumerable<(string Name, DateTimeOffset At)> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A store may hold very many; whoever waits for the list does other things meanwhile.
        await Task.Yield();
        if (!Directory.Exists(PathOf(folder))) yield break;
        foreach (var path in Directory.EnumerateFiles(PathOf(folder), "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return (Path.GetRelativePath(root, path).Replace('\\', '/'), File.GetLastWriteTimeUtc(path));
        }
    }

    private static string Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private string PathOf(string name) => Path.Combine(root, name);
}
