using System.Collections.Concurrent;

namespace Platform.Silo.Alerts;

/// <summary>What was read a moment ago, for every rule that asks for the same.</summary>
internal sealed class SharedReadings<TKey, T>
    where TKey : notnull
{
    /// <summary>Beyond, all are read anew.</summary>
    private const int Max = 20_000;

    /// <summary>Long windows change slowly: they are as old as this part of them.</summary>
    private const int Parts = 120;

    private readonly ConcurrentDictionary<TKey, (DateTimeOffset At, Task<T> Reading)> known = new();

    public Task<T> ReadAsync(TKey key, TimeSpan window, DateTimeOffset now, Func<Task<T>> read)
    {
        if (known.TryGetValue(key, out var entry) && (now - entry.At).Duration() < window / Parts && !entry.Reading.IsFaulted) return entry.Reading;
        var reading = read();
        if (known.Count >= Max) known.Clear();
        known[key] = (now, reading);
        return reading;
    }
}
