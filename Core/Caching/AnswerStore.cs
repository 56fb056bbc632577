namespace Platform.Core.Caching;

/// <summary>Remembered answers, the least recently used of which go when there are too many bytes. One caller at a time.</summary>
/// <param name="maxBytes">Of the answers; what keeps them adds a few hundred bytes for each.</param>
public sealed class AnswerStore(long maxBytes)
{
    /// <summary>What an entry takes beside its answer's own bytes.</summary>
    private const int EntryBytes = 300;
    private readonly Dictionary<string, LinkedListNode<(string Key, RememberedAnswer Answer)>> byKey = [];
    private readonly LinkedList<(string Key, RememberedAnswer Answer)> byUse = new();

    public long Bytes { get; private set; }

    public int Count => byKey.Count;

    /// <summary>However old it is.</summary>
    public RememberedAnswer? Find(string key)
    {
        if (!byKey.TryGetValue(key, out var node)) return null;
        byUse.Remove(node);
        byUse.AddFirst(node);
        return node.Value.Answer;
    }

    public void Put(string key, RememberedAnswer answer)
    {
        Remove(key);
        if (SizeOf(answer) > maxBytes) return;
        byKey[key] = byUse.AddFirst((key, answer));
        Bytes += SizeOf(answer);
        while (Bytes > maxBytes) Remove(byUse.Last!.Value.Key);
    }

    public void Remove(string key)
    {
        if (!byKey.Remove(key, out var node)) return;
        byUse.Remove(node);
        Bytes -= SizeOf(node.Value.Answer);
    }

    private static long SizeOf(RememberedAnswer answer) => answer.Bytes + EntryBytes;
}
