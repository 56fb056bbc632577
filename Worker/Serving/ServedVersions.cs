using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Platform.Worker.Serving;

/// <summary>The versions that requests can reach on this worker, one for each model and version number.</summary>
internal sealed class ServedVersions : IDisposable
{
    private readonly ConcurrentDictionary<(string Model, string Version), ServedVersion> versions = new();

    public int Count => versions.Count;

    public IEnumerable<ServedVersion> All => versions.Values;

    /// <summary>Holds the version for one request, which disposes it when it is done.</summary>
    public bool TryUse(string model, string version, [NotNullWhen(true)] out ServedVersion? served)
    {
        // A version can be replaced between the look-up and the hold; then the look-up finds its successor.
        while (versions.TryGetValue((model, version), out served))
        {
            if (served.TryUse()) return true;
        }

        return false;
    }

    /// <summary>Puts a version in, in place of an earlier one of that number, which ends with its last request.</summary>
    public void Put(ServedVersion version)
    {
        ServedVersion? previous = null;
        versions.AddOrUpdate((version.Id.Model, version.Id.Version), version, (_, found) =>
        {
            previous = found;
            return version;
        });
        previous?.Dispose();
    }

    public ServedVersion? Find(VersionId id) =>
        versions.TryGetValue((id.Model, id.Version), out var found) && found.Id == id ? found : null;

    /// <summary>Takes a version out; it ends with its last request.</summary>
    public void Remove(VersionId id) => Take(id)?.Dispose();

    /// <summary>Takes a version out for the caller, who disposes it or puts it back.</summary>
    public ServedVersion? Take(VersionId id) =>
        Find(id) is { } found && versions.TryRemove(KeyValuePair.Create((id.Model, id.Version), found)) ? found : null;

    public void Dispose()
    {
        foreach (var version in versions.Values) Remove(version.Id);
    }
}
