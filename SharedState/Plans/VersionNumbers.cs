using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState.Plans;

/// <summary>Whole numbers for versions, from 1 for each model in the order in which they were first asked for. A number never changes.</summary>
public sealed class VersionNumbers(IConnectionMultiplexer redis)
{
    /// <summary>The numbers of all versions of a model that have one; those given get one.</summary>
    public async Task<ImmutableDictionary<string, int>> AssignAsync(string model, IEnumerable<string> versions)
    {
        var database = redis.GetDatabase();
        var key = Keys.VersionNumbers(model);
        while (true)
        {
            var known = (await database.HashGetAllAsync(key)).ToImmutableDictionary(
                field => (string)field.Name!, field => int.Parse((string)field.Value!, CultureInfo.InvariantCulture));
            if (versions.FirstOrDefault(version => !known.ContainsKey(version)) is not { } next) return known;
            // Nothing is written when another Api was quicker; the next look shows what it wrote.
            var assignment = database.CreateTransaction();
            assignment.AddCondition(Condition.HashLengthEqual(key, known.Count));
            var written = assignment.HashSetAsync(key, next, known.Count + 1, When.NotExists);
            if (await assignment.ExecuteAsync()) await written;
        }
    }
}
