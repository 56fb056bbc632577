using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;
using Platform.Core;

namespace Platform.Silo.Tests;

/// <summary>Grain storage in memory, as JSON like the real one, that can be told to fail the writes of one grain.</summary>
public sealed class FlakyStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (string Json, int Etag)> records = new();
    private readonly ConcurrentDictionary<string, bool> failing = new();

    /// <summary>What is stored, as it would stand in Redis.</summary>
    public IEnumerable<string> Stored => records.Values.Select(record => record.Json);

    /// <summary>Writes of grains whose key contains this fail from now on. Each test has keys of its own, since all share the storage.</summary>
    public void Fail(string key) => failing[key] = true;

    public void Mend(string key) => failing.TryRemove(key, out _);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (records.TryGetValue(Key(stateName, grainId), out var record))
        {
            grainState.State = JsonSerializer.Deserialize<T>(record.Json, PlatformJson.Options)!;
            (grainState.ETag, grainState.RecordExists) = ($"{record.Etag}", true);
        }
        else
        {
            grainState.State = Activator.CreateInstance<T>();
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        if (failing.Keys.Any(part => key.Contains(part, StringComparison.Ordinal))) throw new IOException("The disk is full.");
        var next = (JsonSerializer.Serialize(grainState.State, PlatformJson.Options), records.TryGetValue(key, out var old) ? old.Etag + 1 : 1);
        records[key] = next;
        (grainState.ETag, grainState.RecordExists) = ($"{next.Item2}", true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        records.TryRemove(Key(stateName, grainId), out _);
        return Task.CompletedTask;
    }

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";
}
