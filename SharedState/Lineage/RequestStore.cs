using System.Text.Json;
using Platform.Core;
using Platform.Core.Privacy;
using Platform.SharedState.Privacy;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Lineage;

/// <param name="Subject">The person whom the request is about, as hashed.</param>
public sealed record RememberedRequest(string Id, AnsweredRequest Request, string? Subject = null);

/// <summary>Who answered which request, for a while; sealed, since it names the caller.</summary>
public sealed class RequestStore(IConnectionMultiplexer redis, DataSeal seal, SubjectVault subjects, SubjectRecords records)
{
    /// <summary>Writes them in one go. Of several with one id the first stays: what was answered is not answered again.</summary>
    public async Task AddAsync(IReadOnlyCollection<RememberedRequest> answered, TimeSpan lifetime)
    {
        var holds = await subjects.HoldAsync(answered.Select(one => one.Subject).OfType<string>());
        // Whoever was erased since the answer is not written of.
        var kept = answered.Where(one => one.Subject is null || (holds.TryGetValue(one.Subject, out var hold) && hold.Admits(one.Request.At)))
            .Select(one => (Name: seal.NameOf(SealPurposes.Request, one.Id), one.Request, one.Subject)).ToArray();
        // What has a subject can be found no longer than its person's records are.
        TimeSpan LifetimeOf(string? subject) => subject is not null && lifetime > ErasureRules.LongestRecord ? ErasureRules.LongestRecord : lifetime;
        await records.AddAsync(kept.Where(one => one.Subject is not null).Select(one =>
            (one.Subject!, new SubjectRecord(SubjectRecordKind.Request, one.Name), one.Request.At + LifetimeOf(one.Subject))));
        var batch = redis.GetDatabase().CreateBatch();
        var writes = kept.Select(one => batch.StringSetAsync(
            Keys.Request(one.Name), Write(one.Name, one.Request, one.Subject is null ? null : holds[one.Subject].Key), LifetimeOf(one.Subject), When.NotExists)).ToArray();
        batch.Execute();
        await Task.WhenAll(writes);
    }

    public async Task<AnsweredRequest?> FindAsync(string id)
    {
        foreach (var name in seal.NamesOf(SealPurposes.Request, id))
        {
            var box = (byte[]?)await redis.GetDatabase().StringGetAsync(Keys.Request(name));
            if (box is null) continue;
            var subject = DataSeal.SubjectOf(box) is { } about ? (await subjects.FindAsync([about])).GetValueOrDefault(about) : null;
            return seal.Open(SealPurposes.Request, name, box, subject) is { } json ? JsonSerializer.Deserialize<AnsweredRequest>(json, PlatformJson.Options) : null;
        }

        return null;
    }

    private byte[] Write(string name, AnsweredRequest request, SubjectKey? subject) =>
        seal.Seal(SealPurposes.Request, name, JsonSerializer.SerializeToUtf8Bytes(request, PlatformJson.Options), request.At, subject);
}
