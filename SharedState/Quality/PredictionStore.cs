using System.Text;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Privacy;
using Platform.Core.Quality;
using Platform.SharedState.Privacy;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>
/// Predictions that wait for what is known later of them, each until it expires: sealed, under a hash of their request's
/// id, and those that are about a person under that person's key.
/// </summary>
public sealed class PredictionStore(IConnectionMultiplexer redis, DataSeal seal, SubjectVault subjects, SubjectRecords records, TimeProvider clock)
{
    private const char Alias = '@';

    /// <summary>Keeps them; answers which could not be, because their request's id is that of an earlier one.</summary>
    public async Task<IReadOnlyList<Prediction>> SaveAsync(IReadOnlyCollection<Prediction> predictions)
    {
        var holds = await subjects.HoldAsync(predictions.Select(prediction => prediction.Subject).OfType<string>());
        // Whoever was erased since the answer is not written of.
        var writes = predictions.Where(prediction => prediction.ExpiresAt > clock.GetUtcNow())
            .Where(prediction => prediction.Subject is null || (holds.TryGetValue(prediction.Subject, out var hold) && hold.Admits(prediction.At)))
            .Select(prediction => (Prediction: prediction, Name: NameOf(prediction.RequestId), Alias: AliasOf(prediction), Key: prediction.Subject is { } of ? holds[of].Key : null))
            .ToList();
        await records.AddAsync(writes.Where(write => write.Key is not null).SelectMany(write => RecordsOf(write.Prediction, write.Name, write.Alias)));
        // In one piece: each that is sent by itself waits for a commit of its own.
        var batch = redis.GetDatabase().CreateBatch();
        var saved = writes.Select(async write =>
            await SetAsync(batch, write.Name, Write(write.Prediction), write.Prediction, write.Key) ? null : write.Prediction).ToList();
        // Clients know a request by the id in its body as well; where they use one twice, it stays the first one's.
        var aliases = writes.Where(write => write.Alias is not null)
            .Select(write => SetAsync(batch, write.Alias!, Alias + write.Prediction.RequestId, write.Prediction, write.Key)).ToList();
        batch.Execute();
        await Task.WhenAll(aliases);
        return [.. (await Task.WhenAll(saved)).OfType<Prediction>()];
    }

    /// <summary>Those that there are, by the id that was asked for.</summary>
    public async Task<IReadOnlyDictionary<string, Prediction>> LoadAsync(IReadOnlyCollection<string> ids)
    {
        var found = await ReadAsync(ids);
        var aliases = found.Where(entry => entry.Value[0] == Alias).ToDictionary(entry => entry.Key, entry => entry.Value[1..]);
        var meant = aliases.Count == 0 ? found : await ReadAsync(aliases.Values);
        var predictions = new Dictionary<string, Prediction>();
        foreach (var id in ids)
        {
            var key = aliases.GetValueOrDefault(id, id);
            if ((aliases.ContainsKey(id) ? meant : found).TryGetValue(key, out var text) && text[0] != Alias) predictions[id] = Read(key, text);
        }

        return predictions;
    }

    private string NameOf(string id) => seal.NameOf(SealPurposes.Prediction, id);

    private string? AliasOf(Prediction prediction) => prediction.Answer.Id is { } id && id != prediction.RequestId ? NameOf(id) : null;

    private static IEnumerable<(string, SubjectRecord, DateTimeOffset)> RecordsOf(Prediction prediction, string name, string? alias)
    {
        yield return (prediction.Subject!, new(SubjectRecordKind.Prediction, name), prediction.ExpiresAt);
        if (alias is not null) yield return (prediction.Subject!, new(SubjectRecordKind.Alias, alias), prediction.ExpiresAt);
    }

    private Task<bool> SetAsync(IBatch batch, string name, string text, Prediction prediction, SubjectKey? key) => batch.StringSetAsync(
        Keys.Prediction(name), seal.Seal(SealPurposes.Prediction, name, Encoding.UTF8.GetBytes(text), prediction.At, key),
        prediction.ExpiresAt - clock.GetUtcNow(), When.NotExists);

    private async Task<Dictionary<string, string>> ReadAsync(IReadOnlyCollection<string> ids)
    {
        var asked = ids.Distinct().SelectMany(id => seal.NamesOf(SealPurposes.Prediction, id).Select(name => (Id: id, Name: name))).ToArray();
        if (asked.Length == 0) return [];
        var values = await redis.GetDatabase().StringGetAsync([.. asked.Select(one => Keys.Prediction(one.Name))]);
        var boxes = asked.Zip(values).Where(pair => !pair.Second.IsNullOrEmpty).Select(pair => (pair.First.Id, pair.First.Name, Box: (byte[])pair.Second!)).ToArray();
        var keys = await subjects.FindAsync(boxes.Select(one => DataSeal.SubjectOf(one.Box)).OfType<string>());
        var read = new Dictionary<string, string>();
        foreach (var (id, name, box) in boxes)
        {
            // One that is about somebody who was erased is as good as none.
            var key = DataSeal.SubjectOf(box) is { } subject ? keys.GetValueOrDefault(subject) : null;
            if (seal.Open(SealPurposes.Prediction, name, box, key) is { } text) read.TryAdd(id, Encoding.UTF8.GetString(text));
        }

        return read;
    }

    private static string Write(Prediction prediction) => JsonSerializer.Serialize(
        new Stored(
            prediction.Model, prediction.Version, prediction.Route, prediction.At.UtcTicks, prediction.ExpiresAt.UtcTicks,
            PredictionCodec.Encode(prediction.Answer with { Id = null }), prediction.Unit, prediction.Subject),
        PlatformJson.Options);

    private static Prediction Read(string id, string text)
    {
        var stored = JsonSerializer.Deserialize<Stored>(text, PlatformJson.Options)!;
        var answer = PredictionCodec.Decode(stored.P) ?? throw new InvalidDataException($"The prediction of request {id} cannot be read.");
        return new(
            id, stored.M, stored.V, stored.R, new(stored.T, TimeSpan.Zero), new(stored.X, TimeSpan.Zero), answer, stored.U, stored.S);
    }

    /// <summary>There are many of these, so its names are short.</summary>
    private sealed record Stored(string M, string V, string R, long T, long X, string P, string? U, string? S);
}
