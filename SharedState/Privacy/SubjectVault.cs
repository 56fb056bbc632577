using System.Security.Cryptography;
using Platform.Core.Privacy;
using Platform.SharedState.Artifacts.Encryption;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Privacy;

/// <summary>What a writer must know of a person before it writes.</summary>
/// <param name="Key">Under which it seals.</param>
/// <param name="ErasedAt">What became known until then must not be written any more.</param>
public sealed record SubjectHold(SubjectKey Key, DateTimeOffset? ErasedAt)
{
    /// <summary>Whether something of that moment may be kept.</summary>
    public bool Admits(DateTimeOffset at) => ErasedAt is not { } erased || at > erased;
}

/// <summary>
/// A data key for each person, sealed under the platform key. It is read anew each time and never kept in memory, so that
/// once it is deleted nobody can read what it sealed.
/// </summary>
public sealed class SubjectVault(IConnectionMultiplexer redis, DataSeal seal, TimeProvider clock)
{
    /// <summary>The person's name as it is stored.</summary>
    public string NameOf(string subject) => seal.NameOf(SealPurposes.Subject, subject);

    /// <summary>All names under which something of the person may be stored; more than one after a key rotation.</summary>
    public IReadOnlyList<string> NamesOf(string subject) => seal.NamesOf(SealPurposes.Subject, subject);

    /// <summary>The keys of those who have one.</summary>
    public async Task<IReadOnlyDictionary<string, SubjectKey>> FindAsync(IEnumerable<string> subjects)
    {
        var asked = subjects.Distinct().ToArray();
        if (asked.Length == 0) return new Dictionary<string, SubjectKey>();
        var boxes = await redis.GetDatabase().StringGetAsync(Array.ConvertAll(asked, Keys.SubjectKey));
        return asked.Zip(boxes).Where(pair => !pair.Second.IsNull).ToDictionary(pair => pair.First, pair => Open(pair.First, (byte[])pair.Second!));
    }

    /// <summary>
    /// Everybody's key, made where there is none. Whether somebody was erased is asked after the key is here: an erasure
    /// that comes in between deletes this very key, and one that came before is seen.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, SubjectHold>> HoldAsync(IEnumerable<string> subjects)
    {
        var asked = subjects.Distinct().ToArray();
        if (asked.Length == 0) return new Dictionary<string, SubjectHold>();
        var database = redis.GetDatabase();
        var known = await FindAsync(asked);
        await Task.WhenAll(asked.Where(subject => !known.ContainsKey(subject)).Select(
            subject => database.StringSetAsync(Keys.SubjectKey(subject), Make(subject), SubjectRecords.KeptFor, When.NotExists)));
        if (known.Count < asked.Length) known = await FindAsync(asked);
        await Task.WhenAll(asked.Select(subject => database.KeyExpireAsync(Keys.SubjectKey(subject), SubjectRecords.KeptFor)));
        var erased = await database.StringGetAsync(Array.ConvertAll(asked, Keys.SubjectErased));
        return asked.Zip(erased).Where(pair => known.ContainsKey(pair.First)).ToDictionary(
            pair => pair.First,
            pair => new SubjectHold(known[pair.First], pair.Second.IsNull ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)pair.Second)));
    }

    /// <summary>From here on nothing that is held of the person can be read, and nothing of before can be written.</summary>
    public async Task ShredAsync(string subject, DateTimeOffset at)
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(Keys.SubjectErased(subject), (at + ErasureRules.ClockTolerance).ToUnixTimeMilliseconds(), SubjectRecords.KeptFor);
        await database.KeyDeleteAsync(Keys.SubjectKey(subject));
    }

    private byte[] Make(string subject) => seal.Seal(
        SealPurposes.SubjectKey, subject, RandomNumberGenerator.GetBytes(SealedBox.KeyIdBytes + ArtifactFormat.KeyBytes), clock.GetUtcNow());

    private SubjectKey Open(string subject, byte[] box)
    {
        var key = seal.Open(SealPurposes.SubjectKey, subject, box)!;
        return new(subject, key[..SealedBox.KeyIdBytes], key[SealedBox.KeyIdBytes..]);
    }
}
