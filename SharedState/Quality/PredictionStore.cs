using System.Text.Json;
using Platform.Core;
using Platform.Core.Quality;
using StackExchange.Redis;

namespace Platform.SharedState.Quality;

/// <summary>Predictions that wait for what is known later of them, each until it expires.</summary>
public sealed class PredictionStore(IConnectionMultiplexer redis, TimeProvider clock)
{
    private const char Alias = '@';

    /// <summary>Keeps them; answers which could not be, because their request's id is that of an earlier one.</summary>
    public async Task<IReadOnlyList<Prediction>> SaveAsync(IReadOnlyCollection<Prediction> predictions)
    {
        var database = redis.GetDatabase();
        var now = clock.GetUtcNow();
        var saved = predictions.Select(async prediction =>
            await SetAsync(database, prediction.RequestId, Write(prediction), prediction.ExpiresAt - now) ? null : prediction).ToList();
        // Clients know a request by the id in its body as well; where they use one twice, it stays the first one's.
        var aliases = predictions.Where(prediction => prediction.Answer.Id is { } id && id != prediction.RequestId)
            .Select(prediction => SetAsync(database, prediction.Answer.Id!, Alias + prediction.RequestId, prediction.ExpiresAt - now)).ToList();
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

    private static Task<bool> SetAsync(IDatabase database, string id, string value, TimeSpan ttl) =>
        ttl <= TimeSpan.Zero ? Task.FromResult(true) : database.StringSetAsync(Keys.Prediction(id), value, ttl, When.NotExists);

    private async Task<Dictionary<string, string>> ReadAsync(IReadOnlyCollection<string> ids)
    {
        var asked = ids.Distinct().ToArray();
        if (asked.Length == 0) return [];
        var values = await redis.GetDatabase().StringGetAsync(Array.ConvertAll(asked, Keys.Prediction));
        return asked.Zip(values).Where(pair => !pair.Second.IsNullOrEmpty).ToDictionary(pair => pair.First, pair => (string)pair.Second!);
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
